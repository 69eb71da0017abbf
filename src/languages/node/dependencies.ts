/** Pure: the dependency layer of Node apps: which files installing reads. */
import type { SourceTree } from "../../source/source-tree.ts";
import {
  type DependencyFiles,
  type DependencyRule,
  Obstacle,
  present,
} from "../dependency-rule.ts";
import type { RuntimePlace } from "../runtime.ts";
import { manifestFile } from "./app/manifest.ts";
import { filesOf } from "./installed-files.ts";
import { isLeftOut } from "./only-for-build.ts";
import { outputOf } from "./output.ts";
import { contextOf, type NodeProject, readProject } from "./project.ts";
import { installsAll } from "./work.ts";

export const nodeRule: DependencyRule = {
  plan({ tree, runtime, hasPackages, member = null, buildsMore = false }) {
    if (manifestFile(tree) === null) return null;
    if (runtime === "none") {
      // Then the agent leaves package.json alone, unless a package brings npm.
      if (hasPackages) throw new Obstacle("a Debian package may bring Node.js");
      return null;
    }
    const project = readProject(tree, { member, frozen: false });
    return planLayer(tree, project, { runtime, buildsMore });
  },
};

// --- internal ---

function planLayer(
  tree: SourceTree,
  project: NodeProject,
  { runtime, buildsMore }: { runtime: RuntimePlace; buildsMore: boolean },
): DependencyFiles | null {
  const hasSome = (key: "dependencies" | "devDependencies" | "optionalDependencies") =>
    project.packages.some(({ manifest }) => Object.keys(manifest[key]).length > 0);
  if (!hasSome("dependencies") && !hasSome("devDependencies") && !hasSome("optionalDependencies")) {
    return null;
  }
  rejectReaders(tree, project);
  const brought = PNP_FILES.find((name) => project.commands.pnp && tree.has(name));
  if (brought !== undefined) throw new Obstacle(`the app brings ${brought}`);
  const output = outputOf(project.app, contextOf(project, {}));
  const isAll = installsAll(project, output, buildsMore);
  const isMore = hasSome("devDependencies") || output.selfContained;
  const isGone = isLeftOut(project, output, runtime);
  return {
    files: present(filesOf(tree, project), tree),
    place: isAll && !isGone && isMore ? "pruned" : "below",
    compilesApp: isAll,
  };
}

/** What reads files of the app while dependencies are installed, and does not say which. */
function rejectReaders(tree: SourceTree, { packages }: NodeProject): void {
  for (const { folder, manifest } of packages) {
    const at = folder === "" ? "" : `${folder}/`;
    if (tree.has(`${at}binding.gyp`)) throw new Obstacle(`npm compiles ${at}binding.gyp`);
    for (const name of CONFIGURATIONS) {
      if (tree.has(`${at}${name}`)) throw new Obstacle(`an install script reads ${at}${name}`);
    }
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const local = all.find(([, range]) => LOCAL.test(range) && !isMember(range, folder, packages));
    if (local !== undefined) {
      throw new Obstacle(
        `${manifest.file} names a package of the app's own folder: ${local[0]}@${local[1]}`,
      );
    }
  }
}

/** pptr.dev/guides/configuration: read by its install script, and programs themselves. */
const CONFIGURATIONS = [
  ...[
    ".puppeteerrc.cjs",
    ".puppeteerrc.js",
    ".puppeteerrc.mjs",
    ".puppeteerrc",
    ".puppeteerrc.json",
  ],
  ...["puppeteer.config.cjs", "puppeteer.config.js", "puppeteer.config.mjs"],
];

/** What an installation writes, and the app's own would stand in the place of. */
const PNP_FILES = [".pnp.cjs", ".pnp.js"];

/** Folders; archives are files of their own. */
const LOCAL = /^(?:file:(?!.*\.(?:tgz|tar\.gz|tar)$)|link:|portal:|exec:|\.{1,2}\/)/;

function isMember(range: string, folder: string, packages: NodeProject["packages"]): boolean {
  const path = range.replace(/^\w+:/, "").replace(/\/+$/, "");
  const names = folder.split("/").filter((name) => name !== "");
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "." && name !== "") names.push(name);
  }
  return packages.some((one) => one.folder === names.join("/") && one.folder !== "");
}
