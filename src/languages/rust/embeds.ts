/**
 * Pure: folders that become a part of the program itself, and the front ends that make them.
 * Source: the documentation of rust-embed, include_dir, memory-serve and static-files.
 */
import { oncePer } from "../../lib/once-per.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import { rustFiles } from "./sources.ts";
import { join } from "./workspace.ts";

export interface Embedded {
  /** Relative to the app's source. */
  path: string;
  /** Whether it is so with some features only: then the program may read it where it is. */
  isConditional: boolean;
}

export const embeddedPaths = oncePer((tree: SourceTree, ...folders: string[]): Embedded[] =>
  folders.flatMap((folder) =>
    rustFiles(tree, folder).flatMap(({ path, text }) => {
      const own = path.split("/").slice(0, -1).join("/");
      return [...text.matchAll(EMBEDS)].flatMap((match) => {
        const { folder: named, dir, file } = match.groups ?? {};
        const written = named ?? dir ?? file ?? "";
        const isAtPackage = named !== undefined || written.includes("$CARGO_MANIFEST_DIR");
        const plain = written.replace(/^\$\{?CARGO_MANIFEST_DIR\}?\/?/, "");
        const found = treePath(join(isAtPackage ? folder : own, plain));
        if (!found || found === folder) return [];
        const before = text.slice(Math.max(0, match.index - 240), match.index);
        // One file says nothing of the folder that it is in.
        const isConditional = file !== undefined || /\bcfg(?:_attr)?\([^)]*feature/.test(before);
        return [{ path: found, isConditional }];
      });
    }),
  ),
);

/** Folders with a package.json that make what is embedded: they are built before. */
export const embeddedFrontEnds = oncePer(
  (tree: SourceTree, ...folders: string[]): { path: string; isConditional: boolean }[] => {
    const found = embeddedPaths(tree, ...folders).flatMap(({ path, isConditional }) => {
      const front = ancestors(path).find((one) => tree.has(join(one, "package.json")));
      return front === undefined ? [] : [{ path: front, isConditional }];
    });
    const fronts = new Map<string, boolean>();
    for (const { path, isConditional } of found) {
      fronts.set(path, isConditional || fronts.get(path) === true);
    }
    return [...fronts].map(([path, isConditional]) => ({ path, isConditional }));
  },
);

// --- internal ---

/** `#[folder = "ui/dist"]`, `include_dir!("$CARGO_MANIFEST_DIR/ui")`, `include_str!("../ui/index.html")` */
const EMBEDS =
  /#\[folder\s*=\s*"(?<folder>[^"\n]+)"|\b(?:include_dir|load_assets|memory_serve|embed_dir)!\(\s*(?:\w+\s*,\s*)?"(?<dir>[^"\n]+)"|\binclude_(?:str|bytes)!\(\s*(?:concat!\(\s*env!\("CARGO_MANIFEST_DIR"\)\s*,\s*"\/[^"\n]*"\s*\)|"(?<file>[^"\n]+)")/g;

/** Itself, and all above but for the top, the nearest first. */
function ancestors(path: string): string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, names.length - index).join("/"));
}
