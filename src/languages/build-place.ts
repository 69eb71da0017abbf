/** What the builds of compiled languages share: where their commands are run, and where programs go. */
import { NuaError } from "../lib/errors.ts";
import type { PlannedRun } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";

/** Where commands of a build are run, and what they come from. */
export interface BuildPlace {
  user: "nua";
  cwd: string;
  from: { what: string };
  needs: NonNullable<PlannedRun["needs"]>;
}

/**
 * Where programs go, below the app's source: `bin`, as `make` and Heroku have it. Some apps have
 * their sources there, in a folder for each program.
 * @param names of all programs that the app has, whichever are built
 */
export function programFolder(tree: SourceTree, names: readonly string[]): string {
  const isFree = (folder: string) => {
    const isFile = tree.list("").some(({ name, kind }) => name === folder && kind !== "folder");
    const taken = tree.list(folder).filter(({ kind }) => kind === "folder");
    return !isFile && !taken.some(({ name }) => names.includes(name));
  };
  return ["bin", "programs"].find(isFree) ?? "nua-bin";
}

/**
 * @param programs those that are named as they are, with the folder of each
 * @throws NuaError (config) for two of the same name, of which only one could be there
 */
export function rejectSameName(
  programs: readonly { name: string; path: string }[],
  file: string,
): void {
  const first = new Map<string, string>();
  for (const { name, path } of programs) {
    const other = first.get(name);
    if (other !== undefined) {
      throw new NuaError(
        "config",
        `Build "${file}": two programs are called ${name}: ${other} and ${path}`,
        { file, hint: "give them different names, or write a line of build.build for one of them" },
      );
    }
    first.set(name, path);
  }
}
