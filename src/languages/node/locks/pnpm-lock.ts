/** pnpm-lock.yaml: does it fit its manifests? Pure. */
import { parseYAML } from "confbox/yaml";
import * as v from "valibot";
import { compareWishes, type LockInput, wishesOf } from "./wishes.ts";

const noted = v.fallback(
  v.optional(v.record(v.string(), v.union([v.string(), v.object({ specifier: v.string() })])), {}),
  {},
);

const importerSchema = v.object({
  /** Until version 5 of the format they stand apart. */
  specifiers: v.optional(v.record(v.string(), v.string())),
  dependencies: noted,
  devDependencies: noted,
  optionalDependencies: noted,
});

const lockSchema = v.object({
  ...importerSchema.entries,
  overrides: v.fallback(v.optional(v.record(v.string(), v.string())), undefined),
  importers: v.optional(v.record(v.string(), importerSchema)),
});

/** What `pnpm install --frozen-lockfile` refuses: a wish that was written otherwise. */
export function pnpmDifference({ tree, text, packages }: LockInput): string | null {
  if (text.trim() === "" && packages.every((one) => wishesOf(one.manifest).length === 0))
    return null;
  const isShared = !/^shared-workspace-lockfile\s*=\s*false/m.test(tree.text(".npmrc") ?? "");
  const value = parseYAML(headOf(text));
  const parsed = repeats(value) ? null : v.safeParse(lockSchema, value);
  if (!parsed?.success) return null;
  const { importers, overrides } = parsed.output;
  for (const one of isShared ? packages : packages.slice(0, 1)) {
    const { folder, manifest } = one;
    const importer = importers?.[folder === "" ? "." : folder];
    if (importer === undefined && importers !== undefined) {
      if (wishesOf(manifest).length === 0) continue;
      return `it lacks ${folder === "" ? "the package at the top" : folder}`;
    }
    // What is overridden is noted as it became.
    const fixed = new Set(Object.keys(overrides ?? {}).map(nameOf));
    const wishes = wishesOf(manifest).filter(({ name }) => !fixed.has(name));
    const all = specifiersOf(importer ?? parsed.output);
    const kept = Object.entries(all).filter(([name]) => !fixed.has(name));
    const difference = compareWishes(one, wishes, Object.fromEntries(kept));
    if (difference !== null) return difference;
  }
  return null;
}

/** Since pnpm 11 the manager itself may have a document of its own, before that of the app. */
export function documentOfApp(text: string): string {
  return text.split(/^---[ \t]*\r?$/m).at(-1) ?? "";
}

// --- internal ---

/** Without the list of packages, which is nearly all of it. */
function headOf(text: string): string {
  const own = documentOfApp(text);
  const end = own.search(/^packages:/m);
  return end < 0 ? own : own.slice(0, end);
}

/**
 * Whether an alias stands for something a second time: pnpm writes none, and what is looked at as
 * often as it is repeated has no bound.
 */
function repeats(value: unknown): boolean {
  const seen = new Set<object>();
  const waiting = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (typeof one !== "object" || one === null) continue;
    if (seen.has(one)) return true;
    seen.add(one);
    for (const inner of Object.values(one)) waiting.push(inner);
  }
  return false;
}

function specifiersOf(importer: v.InferOutput<typeof importerSchema>): Record<string, string> {
  const { specifiers, dependencies, devDependencies, optionalDependencies } = importer;
  if (specifiers !== undefined) return specifiers;
  const all = Object.entries({ ...devDependencies, ...dependencies, ...optionalDependencies });
  return Object.fromEntries(
    all.map(([name, one]) => [name, typeof one === "string" ? one : one.specifier]),
  );
}

/** `a@1>b@2` overrides b. */
function nameOf(selector: string): string {
  const last = selector.split(">").at(-1)!;
  return last.replace(/(?<=.)@.*$/, "");
}
