/** Pure: NuGet.Config: where packages come from. Source: learn.microsoft.com, "nuget.config reference". */
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { childrenOf, parseXmlFile, type XmlNode } from "../xml-file.ts";
import { folderOf, pathFrom } from "./msbuild.ts";

export const NUGET_CONFIG = "NuGet.Config";

/** Folders of the app's that are sources of packages. */
export function localSources(tree: SourceTree, file: string): string[] {
  return childrenOf(read(tree, file), "packageSources", "add").flatMap(({ attributes }) => {
    const value = attributes.value ?? "";
    if (value === "" || /^[a-z][a-z0-9+.-]+:|%/i.test(value)) return [];
    return pathFrom(folderOf(file), value) || [];
  });
}

/** Passwords that stand there as they are. */
export function configWarnings(tree: SourceTree, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const all = childrenOf(read(tree, file), "packageSourceCredentials");
    const sources = all.flatMap(({ children }) => children);
    return sources.flatMap(({ name, children }) => {
      const password = children.find(isPassword);
      if (password === undefined) return [];
      return [
        `${file}:${password.line} holds the password of "${name}": write %NAME% in its place, and give the build the variable; no image has the file`,
      ];
    });
  });
}

// --- internal ---

const read = oncePer(
  (tree: SourceTree, file: string): XmlNode => parseXmlFile(tree.text(file) ?? "", file),
);

function isPassword({ attributes }: XmlNode): boolean {
  const value = attributes.value ?? "";
  return /password$/i.test(attributes.key ?? "") && value !== "" && !/%[^%]+%/.test(value);
}
