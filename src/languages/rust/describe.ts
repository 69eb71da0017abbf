/** Pure: what Cargo.toml says of an app. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import { inherited, readProject } from "./project.ts";

export function describeRust(tree: SourceTree): AppDescription | null {
  const project = readProject(tree);
  const crate = project?.crates.find(({ folder }) => folder === "");
  if (!project || crate === undefined) return null;
  const { top } = project;
  const said = (key: Parameters<typeof inherited>[2]) => inherited(crate, top, key)?.value;
  const authors = crate.manifest.package?.authors;
  const all = {
    name: crate.manifest.package?.name,
    version: said("version"),
    description: said("description"),
    license: said("license"),
    homepage: said("homepage") ?? said("repository"),
    author: Array.isArray(authors) ? authors[0] : undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
