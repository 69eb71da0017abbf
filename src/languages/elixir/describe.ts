/** Pure: what mix.exs says of an app. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import type { MixFile } from "./mix-file.ts";
import { readProject } from "./project.ts";

export function describeElixir(tree: SourceTree): AppDescription | null {
  const top = readProject(tree)?.top;
  if (top === undefined) return null;
  const all = {
    name: top.app?.value ?? top.releases[0]?.value,
    version: top.version ?? versionInFile(tree, top),
    description: top.description?.split("\n")[0],
    license: top.licenses[0],
    homepage: top.homepage,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

// --- internal ---

/** `@version File.read!("VERSION") |> String.trim()` */
function versionInFile(tree: SourceTree, { reads }: MixFile): string | undefined {
  const file = reads.find((name) => /version/i.test(name));
  const text = file === undefined ? "" : (tree.text(file) ?? "").slice(0, 256).trim();
  return /^v?(\d+\.\d+[\w.+-]*)$/.exec(text)?.[1];
}
