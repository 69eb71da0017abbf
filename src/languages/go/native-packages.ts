/** Pure: whether an app is linked with C, and the Debian packages for it. */
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import { NATIVE_NEEDS } from "./native-needs.ts";
import { type GoProject, requiredModules } from "./project.ts";
import { goFolders, textsOf } from "./sources.ts";

export interface NativePackages {
  /** What a compiler of C is needed for; null where it is for nothing. */
  because: Origin | null;
  build: string[];
  run: RequestedPackages[];
  warnings: string[];
}

/** Without C wherever that will do: the program then stands upon no library at all. */
export function nativePackages(tree: SourceTree, project: GoProject): NativePackages {
  const required = new Map(
    [...requiredModules(project).keys()].map((path) => [withoutVersion(path), path]),
  );
  const needs = NATIVE_NEEDS.flatMap((need) => {
    const module = need.modules.find((one) => required.has(one));
    if (module === undefined) return [];
    const path = required.get(module)!;
    const isUsed = need.packages?.some((name) => isImported(tree, project, `${path}/${name}`));
    return isUsed === false ? [] : [{ need, module }];
  });
  const [first] = needs;
  const own = ownC(tree, project);
  if (first === undefined && own === null) {
    return { because: null, build: [], run: [], warnings: [] };
  }
  const because = own ?? { what: `${project.file}: ${first!.module}` };
  const libraries = needs.flatMap(({ need }) => need.build ?? []);
  const asks = libraries.length > 0 || asksPkgConfig(tree, project);
  const build = [...COMPILER, ...(asks ? ["pkg-config"] : []), ...libraries];
  return {
    because,
    build: [...new Set(build)],
    run: needs.flatMap(({ need: { run = [] }, module }) =>
      run.length === 0 ? [] : [{ names: run, from: { what: `${project.file}: ${module}` } }],
    ),
    warnings: needs.flatMap(({ need }) => need.told ?? []),
  };
}

// --- internal ---

const COMPILER = ["gcc", "g++", "libc6-dev"];

function isImported(tree: SourceTree, project: GoProject, path: string): boolean {
  const folders = goFolders(tree, ...project.modules.map(({ folder }) => folder));
  return folders.some((one) => textsOf(tree, one).some((text) => text.includes(`"${path}"`)));
}

/** Another major version is another module: `github.com/h2non/bimg/v2`, `gopkg.in/x.v3`. */
function withoutVersion(path: string): string {
  return path.replace(/\/v\d+$/, "").replace(/(?<=^gopkg\.in\/.*)\.v\d+$/, "");
}

function ownC(tree: SourceTree, project: GoProject): Origin | null {
  const folders = goFolders(tree, ...project.modules.map(({ folder }) => folder));
  const found = folders.find(({ usesC }) => usesC !== null);
  return found === undefined ? null : { what: found.usesC! };
}

/** Whether any file says that it wants a library by pkg-config. */
function asksPkgConfig(tree: SourceTree, project: GoProject): boolean {
  const folders = goFolders(tree, ...project.modules.map(({ folder }) => folder));
  return folders.some(
    (one) => one.usesC !== null && textsOf(tree, one).some((text) => /#cgo pkg-config:/.test(text)),
  );
}
