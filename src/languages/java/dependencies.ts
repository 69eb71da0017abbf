/** Pure: the layer of what an app of Java's depends on: which files fetching that reads. */
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";
import { chooseModule } from "./choose-module.ts";
import { readProject } from "./read-project.ts";

export const javaRule: DependencyRule = {
  plan({ tree, runtime, member, hasPackages }) {
    const project = readProject(tree);
    if (project === null) return null;
    if (runtime === "none") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Java");
      return null;
    }
    if (chooseModule(tree, project, { member, id: "" }).module === null) return null;
    return {
      files: present(project.reads, tree),
      place: "pruned",
      // What it is compiled against.
      compilesApp: true,
    };
  },
};
