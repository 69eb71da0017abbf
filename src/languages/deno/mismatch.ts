/** Pure: what a lock file lacks of what an app asks for: Deno refuses it when it is to be obeyed. */
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { originOf } from "./config.ts";
import type { FoundImport } from "./graph.ts";
import { type DenoProject, foldersOf } from "./project.ts";
import {
  formatSpecifier,
  isRemote,
  isSame,
  type PackageSpecifier,
  parseSpecifier,
} from "./specifiers.ts";

export interface Mismatch {
  reason: string;
  /** What lacks it, or has too much. */
  from: Origin;
}

export interface Wish {
  specifier: PackageSpecifier;
  from: Origin;
}

/** What manifests ask for, and no member of the workspace is. */
export function wishesOf(tree: SourceTree, project: DenoProject): Wish[] {
  const own = new Set(foldersOf(project).flatMap(({ config }) => config?.name ?? []));
  const all = foldersOf(project).flatMap(({ config, packageJson }) => [
    ...(config === null
      ? []
      : [config.imports, ...Object.values(config.scopes)].flatMap((map) =>
          Object.entries(map).flatMap(([key, value]) =>
            wishOf(value, originOf(tree, config.file, "imports", key)),
          ),
        )),
    ...(packageJson === null
      ? []
      : (["dependencies", "devDependencies"] as const).flatMap((kind) =>
          Object.entries(packageJson[kind]).flatMap(([name, range]) =>
            wishOf(specifierIn(name, range), originOf(tree, packageJson.file, kind, name)),
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
    wishOf(specifier, { what: file, line }),
  );
  const own = new Set(foldersOf(project).flatMap(({ config }) => config?.name ?? []));
  const known = new Map(lock.wishes.map((one) => [keyOf(one), [] as PackageSpecifier[]]));
  for (const one of lock.wishes) known.get(keyOf(one))!.push(one);
  const missing = [...wishes, ...inline].find(({ specifier }) => {
    if (own.has(specifier.name)) return false;
    return !(known.get(keyOf(specifier)) ?? []).some((one) => isSame(one, specifier));
  });
  if (missing !== undefined) {
    const { specifier, from } = missing;
    return lacking(formatSpecifier(specifier), from, lock.file);
  }
  const remote = imports.find(
    ({ specifier }) => isRemote(specifier) && !lock.remote.has(specifier),
  );
  if (remote === undefined) return null;
  return lacking(remote.specifier, { what: remote.file, line: remote.line }, lock.file);
}

// --- internal ---

function lacking(wish: string, from: Origin, lock: string): Mismatch {
  return { reason: `${formatOrigin(from)} asks for ${wish}, and ${lock} has nothing for it`, from };
}

function keyOf({ kind, name }: PackageSpecifier): string {
  return `${kind}:${name}`;
}

function wishOf(specifier: string, from: Origin): Wish[] {
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
