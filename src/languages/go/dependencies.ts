/** Pure: the layer of Go modules, which the build alone needs: which files fetching them reads. */
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";
import { hasFolderBeside, readProject, replacedFolders, requiredModules } from "./project.ts";
import { join } from "./sources.ts";

export const goRule: DependencyRule = {
  plan({ tree, runtime, hasPackages }) {
    const project = readProject(tree);
    if (project === null || requiredModules(project).size === 0) return null;
    if (runtime === "none") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Go");
      return null;
    }
    // They are a part of the app's source.
    if (project.isVendored && project.mismatch === null) return null;
    if (project.mismatch !== null) throw new Obstacle(`Go writes to ${project.mismatch.file}`);
    if (hasFolderBeside(project)) {
      throw new Obstacle("a module is replaced by a folder beside the app's");
    }
    const folders = [...project.modules.map(({ folder }) => folder), ...replacedFolders(project)];
    const files = folders.flatMap((folder) =>
      ["go.mod", "go.sum"].map((name) => join(folder, name)),
    );
    return {
      files: present(["go.work", "go.work.sum", ...files], tree),
      place: "build",
      // What it is linked with.
      compilesApp: true,
    };
  },
};
