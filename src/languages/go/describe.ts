/** Pure: what go.mod says of an app. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import { lastElement } from "./commands.ts";
import { readProject } from "./project.ts";

/** Hosts whose paths are the addresses of pages. */
const PAGES = /^(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)\/[\w.-]+\/[\w.-]+/;

export function describeGo(tree: SourceTree): AppDescription | null {
  const project = readProject(tree);
  const top = project?.modules.find(({ folder }) => folder === "") ?? project?.modules[0];
  if (top === undefined || top.mod.module === "") return null;
  const [page] = PAGES.exec(top.mod.module) ?? [];
  return {
    name: lastElement(top.mod.module),
    ...(page === undefined ? {} : { homepage: `https://${page}` }),
  };
}
