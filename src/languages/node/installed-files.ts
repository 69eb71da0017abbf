/** The files that an installation of dependencies reads, whether they are there or not. Pure. */
import { posix } from "node:path";
import type { SourceTree } from "../../source/source-tree.ts";
import { MANIFESTS, type Manifest, recordOf } from "./app/manifest.ts";
import { readYaml } from "./app/yaml-file.ts";
import type { NodeProject } from "./project.ts";

/** Relative to the source; folders with all that they hold. */
export function filesOf(tree: SourceTree, project: NodeProject): string[] {
  const { packages, chosen } = project;
  const members = packages.filter(({ folder }) => folder !== "");
  return [
    ...MANIFESTS.slice(0, packages[0]?.manifest.file === "package.json" ? 1 : undefined),
    ...members.map(({ folder, manifest }) => manifest.file ?? `${folder}/package.json`),
    ...(chosen.lock === null ? [] : [chosen.lock]),
    ".npmrc",
    ...members.map(({ folder }) => `${folder}/.npmrc`),
    ...OF_MANAGER[chosen.name],
    ...members.flatMap(({ folder, manifest }) => programsOf(manifest, folder)),
    ...named(tree, project),
    ...generatorFiles(project),
  ];
}

// --- internal ---

const OF_MANAGER = {
  npm: [],
  pnpm: ["pnpm-workspace.yaml", ".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js"],
  yarn: [
    ...[".yarnrc", ".yarnrc.yml", ".yarn/releases", ".yarn/plugins", ".yarn/patches"],
    ...[".yarn/cache", "yarn.config.cjs", "constraints.pro"],
  ],
  bun: ["bunfig.toml"],
} as const;

/** Links to these are made where they are there. */
function programsOf({ bin }: Manifest, folder: string): string[] {
  return Object.values(bin)
    .map((path) => posix.join(folder, path))
    .filter((path) => path.startsWith(`${folder}/`));
}

/** What settings and wishes name: patches, archives, a release of yarn's, a mirror of its own. */
function named(tree: SourceTree, { packages, chosen }: NodeProject): string[] {
  const ofPackages = packages.flatMap(({ folder, manifest }) => {
    const { dependencies, devDependencies, optionalDependencies, raw } = manifest;
    const wishes = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const resolutions = Object.values(recordOf(raw.resolutions)).map(String);
    const pnpm = recordOf(raw.pnpm);
    return [
      ...[...wishes, ...resolutions].flatMap((range) => pathOf(range, folder)),
      ...patches(raw.patchedDependencies),
      ...patches(pnpm.patchedDependencies),
    ];
  });
  const settings = chosen.name === "pnpm" ? readYaml(tree, "pnpm-workspace.yaml") : {};
  const mirror = /^yarn-offline-mirror\s+"?\.?\/?([^"\s]+)/m.exec(tree.text(".yarnrc") ?? "")?.[1];
  return [
    ...ofPackages,
    ...patches(settings.patchedDependencies),
    ...(chosen.brought === null ? [] : [chosen.brought]),
    ...(mirror === undefined ? [] : [mirror]),
  ].filter((path) => !path.startsWith("/") && !path.split("/").includes(".."));
}

/** `file:lib/a.tgz`; `patch:a@npm%3A1.0#~/.yarn/patches/a.patch`, `…#./a.patch` */
function pathOf(range: string, folder: string): string[] {
  const archive = /^file:(?:\.\/)?(.+\.(?:tgz|tar\.gz|tar))$/.exec(range)?.[1];
  const patch = /^patch:.*#(?:~\/|\.\/)?([^#&]+\.patch)/.exec(range)?.[1];
  const isOfTop = patch !== undefined && /#~\//.test(range);
  const path = archive ?? patch;
  if (path === undefined) return [];
  return [folder === "" || isOfTop ? path : `${folder}/${path}`];
}

function patches(value: unknown): string[] {
  return Object.values(recordOf(value)).filter((one): one is string => typeof one === "string");
}

/** Install scripts of dependencies that read these, and generate something from them. */
function generatorFiles({ app }: NodeProject): string[] {
  if (!app.dependencies.has("@prisma/client")) return [];
  const at = app.dir === "" ? "" : `${app.dir}/`;
  return ["prisma", "schema.prisma", "prisma.config.ts"].map((name) => `${at}${name}`);
}
