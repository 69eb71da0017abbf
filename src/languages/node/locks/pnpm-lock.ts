/** pnpm-lock.yaml: does it fit its manifests? Pure. */
import { parseYAML } from "confbox/yaml";
import * as v from "valibot";
import type { LockInput } from "./difference.ts";
import { compareWishes, wishesOf } from "./wishes.ts";

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
export function pnpmDifference({ text, packages }: LockInput): string | null {
  if (text.trim() === "") return "it is empty";
  const parsed = v.safeParse(lockSchema, parseYAML(headOf(text)));
  if (!parsed.success) return null;
  const { importers, overrides } = parsed.output;
  for (const { folder, manifest } of packages) {
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
    const difference = compareWishes(wishes, Object.fromEntries(kept), folder);
    if (difference !== null) return difference;
  }
  return null;
}

// --- internal ---

/** Without the list of packages, which is nearly all of it. */
function headOf(text: string): string {
  const end = text.search(/^packages:/m);
  return end < 0 ? text : text.slice(0, end);
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
