/** Pure: the dependency layer of Node apps: which files installing reads. */
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";

const FILES = [
  ...["package.json", "npm-shrinkwrap.json", "package-lock.json", "yarn.lock"],
  ...[".npmrc", ".yarnrc", ".yarnrc.yml", ".yarn"],
];

/** Scripts of the app's own that an installation runs (npm, "Life Cycle Scripts"). */
const INSTALL_SCRIPTS = [
  ...["preinstall", "install", "postinstall", "prepublish"],
  ...["preprepare", "prepare", "postprepare", "dependencies"],
];

/** Dependencies that are part of the app. */
const LOCAL_DEPENDENCY = /"(file|link|portal|workspace):|"link":\s*true|@(file|link|portal|patch):/;

const record = v.optional(v.record(v.string(), v.unknown()), {});

const manifestSchema = v.object({
  scripts: record,
  dependencies: record,
  devDependencies: record,
  optionalDependencies: record,
  workspaces: v.optional(v.unknown()),
});

export const nodeRule: DependencyRule = {
  plan(input) {
    const { tree, language, hasPackages } = input;
    if (!tree.has("package.json")) return null;
    if (language !== "nodejs") {
      // Then the agent leaves package.json alone, unless a package brings npm.
      if (hasPackages) throw new Obstacle("a Debian package may bring Node.js");
      return null;
    }
    const manifest = parseManifest(tree.text("package.json") ?? "");
    rejectLocal(tree, manifest);
    const { scripts, dependencies, devDependencies, optionalDependencies } = manifest;
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
    const isBuilt = scripts.build !== undefined;
    if (Object.keys(all).length === 0) return null;
    return {
      files: present(FILES, tree),
      place: isBuilt && Object.keys(devDependencies).length > 0 ? "beside" : "below",
      compilesApp: isBuilt,
    };
  },
};

// --- internal ---

type Manifest = v.InferOutput<typeof manifestSchema>;

function parseManifest(text: string): Manifest {
  try {
    return v.parse(manifestSchema, JSON.parse(text));
  } catch {
    throw new Obstacle("package.json cannot be read");
  }
}

function rejectLocal(tree: SourceTree, manifest: Manifest): void {
  const script = INSTALL_SCRIPTS.find((name) => manifest.scripts[name] !== undefined);
  if (script !== undefined) throw new Obstacle(`package.json has a script "${script}"`);
  if (manifest.workspaces !== undefined) throw new Obstacle("package.json has workspaces");
  if (tree.has("binding.gyp")) throw new Obstacle("npm compiles binding.gyp");
  const local = FILES.find((name) => LOCAL_DEPENDENCY.test(tree.text(name) ?? ""));
  if (local !== undefined) throw new Obstacle(`${local} names a package of the app's own folder`);
}
