/** Pure: the layer of what an app of Elixir's depends on, which the build alone needs. */
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";
import { MIX_LOCK } from "./mix-lock.ts";
import { filesOf, hasDependencies, type MixProject, readProject } from "./project.ts";

export const elixirRule: DependencyRule = {
  plan({ tree, runtime, hasPackages }) {
    const project = readProject(tree);
    if (project === null || !hasDependencies(project)) return null;
    if (runtime === "none") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Elixir");
      return null;
    }
    if (project.mismatch !== null) throw new Obstacle(`Mix writes to ${MIX_LOCK}`);
    return {
      files: present(readFiles(tree, project), tree),
      place: "build",
      // What it is compiled against.
      compilesApp: true,
    };
  },
};

// --- internal ---

/** Of its configuration all that holds while something is compiled. */
const NOT_READ = /^(?:runtime|dev|test|releases)\.exs$/;

function readFiles(tree: SourceTree, project: MixProject): string[] {
  const found = filesOf(project).flatMap(({ file, folder, reads, obstacle, dependencies }) => {
    if (obstacle !== null) {
      throw new Obstacle(
        `${file}:${obstacle.line} calls ${obstacle.what}, and nobody knows what that reads`,
      );
    }
    // What another tool builds has manifests of its own.
    const foreign = dependencies.flatMap(({ path }) => {
      const at = path === null ? undefined : treePath(join(folder, path));
      return at === undefined || tree.has(join(at, "mix.exs")) ? [] : [at];
    });
    return [file, ...reads.flatMap((name) => treePath(join(folder, name)) ?? []), ...foreign];
  });
  const config = filesOf(project).flatMap(({ folder }) => {
    const at = join(folder, "config");
    const names = tree.list(at).filter(({ name }) => !NOT_READ.test(name));
    return names.map(({ name }) => join(at, name));
  });
  return [...found, MIX_LOCK, ...config];
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
