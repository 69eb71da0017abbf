/** Pure: what a lock file lacks of what an app asks for: Deno refuses it when it is to be obeyed. */
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type DenoConfig, originOf } from "./config.ts";
import type { FoundImport, ImportMap } from "./graph.ts";
import { type DenoProject, foldersOf, mapFile } from "./project.ts";
import {
  formatSpecifier,
  isRemote,
  type PackageSpecifier,
  parseSpecifier,
  specifierKey,
} from "./specifiers.ts";

export interface Mismatch {
  reason: string;
  /** What lacks it, or has too much. */
  from: Origin;
}

export interface Wish {
  specifier: PackageSpecifier;
  /** Asked for what is told alone: to find a line takes reading the file. */
  from: () => Origin;
}

/** What manifests ask for, and no member of the workspace is. */
export function wishesOf(tree: SourceTree, project: DenoProject): Wish[] {
  const own = new Set(foldersOf(project).flatMap(({ config }) => config?.name ?? []));
  const all = foldersOf(project).flatMap(({ config, packageJson, imports }) => [
    ...(config === null
      ? []
      : [...mapsOf(config, imports), ...Object.values(config.scopes)].flatMap((map) =>
          Object.entries(map).flatMap(([key, value]) =>
            wishOf(value, () => originOf(tree, importsFile(config), "imports", key)),
          ),
        )),
    ...(packageJson === null
      ? []
      : (["dependencies", "devDependencies"] as const).flatMap((kind) =>
          Object.entries(packageJson[kind]).flatMap(([name, range]) =>
            wishOf(specifierIn(name, range), () => originOf(tree, packageJson.file, kind, name)),
          ),
        )),
  ]);
  return all.filter(({ specifier }) => !own.has(specifier.name));
}

/**
 * @param imports of the files of the app
 * @returns null where it fits, as far as that is known here, or there is none
 */
export function mismatchOf(
  tree: SourceTree,
  project: DenoProject,
  imports: readonly FoundImport[],
): Mismatch | null {
  const { lock } = project;
  if (lock === null) return null;
  const wishes = wishesOf(tree, project);
  const inline = imports.flatMap(({ specifier, file, line }) =>
    wishOf(specifier, () => ({ what: file, line })),
  );
  const own = new Set(foldersOf(project).flatMap(({ config }) => config?.name ?? []));
  const known = new Set(lock.wishes.map(specifierKey));
  const missing = [...wishes, ...inline].find(
    ({ specifier }) => !own.has(specifier.name) && !known.has(specifierKey(specifier)),
  );
  if (missing !== undefined) {
    return lacking(formatSpecifier(missing.specifier), missing.from(), lock.file);
  }
  const remote = imports.find(
    ({ specifier }) => isRemote(specifier) && !lock.remote.has(specifier),
  );
  if (remote === undefined) return null;
  return lacking(remote.specifier, { what: remote.file, line: remote.line }, lock.file);
}

// --- internal ---

/** Its own imports, or those of the import map that it names. */
function mapsOf(config: DenoConfig, imports: ImportMap): ImportMap[] {
  return [importsFile(config) === config.file ? config.imports : imports];
}

function importsFile(config: DenoConfig): string {
  return Object.keys(config.imports).length > 0 ? config.file : (mapFile(config) ?? config.file);
}

function lacking(wish: string, from: Origin, lock: string): Mismatch {
  return { reason: `${formatOrigin(from)} asks for ${wish}, and ${lock} has nothing for it`, from };
}

function wishOf(specifier: string, from: Wish["from"]): Wish[] {
  const parsed = parseSpecifier(specifier);
  return parsed === null ? [] : [{ specifier: parsed, from }];
}

/** Of package.json: `"a": "npm:b@1"`, `"a": "^1"`; what is of no registry is none. */
function specifierIn(name: string, range: string): string {
  if (/^(?:npm|jsr):/.test(range)) {
    return /^jsr:[\^~\d]/.test(range) ? `jsr:${name}@${range.slice(4)}` : range;
  }
  return /^(?:[a-z+]+:|\.{0,2}\/|[\w-]+\/)/.test(range) ? "" : `npm:${name}@${range}`;
}
