/** Reads package.json, and the other forms of it that managers know: what an app says of itself. */

import { parseJSON5 } from "confbox/json5";
import { parseYAML } from "confbox/yaml";
import * as v from "valibot";
import { NuaError } from "../../../lib/errors.ts";
import { jsonProblem } from "../../../lib/json-problem.ts";
import { oncePer } from "../../../lib/once-per.ts";
import type { Origin } from "../../../protocol/planned-action.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";

/** What every installation runs of a package, in this order: docs.npmjs.com/cli/using-npm/scripts */
export const INSTALL_SCRIPTS: readonly string[] = ["preinstall", "install", "postinstall"];

export interface Manifest {
  /** Relative to the tree; null where there is none. */
  file: string | null;
  name?: string | undefined;
  version?: string | undefined;
  description?: string | undefined;
  license?: string | undefined;
  homepage?: string | undefined;
  author?: string | undefined;
  main?: string | undefined;
  type?: string | undefined;
  packageManager?: string | undefined;
  /** Programs of its own: name -> file. */
  bin: Readonly<Record<string, string>>;
  scripts: Readonly<Record<string, string>>;
  dependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
  optionalDependencies: Readonly<Record<string, string>>;
  peerDependencies: Readonly<Record<string, string>>;
  /** Everything that the file says, as it says it. */
  raw: Readonly<Record<string, unknown>>;
}

/** In the order in which managers look for them; the last two are pnpm's (pnpm.io/package_json). */
export const MANIFESTS = ["package.json", "package.json5", "package.yaml"] as const;

/** The manifest of a folder; null where there is none. */
export function manifestFile(tree: SourceTree, folder = ""): string | null {
  return MANIFESTS.map((name) => joinPath(folder, name)).find((path) => tree.has(path)) ?? null;
}

/**
 * The manifest of a folder; an empty one where there is none. What has another form than managers
 * expect is left out of the result, but for `raw`.
 * @throws NuaError (input) when it is not of its format, or no object
 */
export const readManifest = oncePer((tree: SourceTree, folder: string = ""): Manifest => {
  const file = manifestFile(tree, folder);
  if (file === null) return toManifest(null, {});
  const text = tree.text(file);
  if (text === undefined) throw new NuaError("input", `Read "${file}": it is no readable text`);
  const value = parseText(file, text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return toManifest(file, value as Record<string, unknown>);
  }
  throw new NuaError("input", `Read "${file}": expected an object`, { file });
});

/** Names of all that is installed for it; without those for development, if so wished. */
export function dependencyNames(manifest: Manifest, options: { dev: boolean }): Set<string> {
  const { dependencies, optionalDependencies, devDependencies } = manifest;
  const dev = options.dev ? devDependencies : {};
  return new Set([dependencies, optionalDependencies, dev].flatMap(Object.keys));
}

/** The line of the manifest that a key stands in: the first that has it in quotes. */
export function lineOf(tree: SourceTree, file: string, ...keys: string[]): number | undefined {
  const lines = (tree.text(file) ?? "").split("\n");
  let at = -1;
  for (const key of keys) {
    const next = lines.findIndex((line, index) => index >= Math.max(at, 0) && hasKey(line, key));
    if (next === -1) return undefined;
    at = next;
  }
  return at === -1 ? undefined : at + 1;
}

/** An object of a manifest; of what is none, an empty one. */
export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** A key of a manifest, with its line. */
export function originOf(tree: SourceTree, file: string, ...keys: string[]): Origin {
  const line = lineOf(tree, file, ...keys);
  return { what: file, ...(line === undefined ? {} : { line }) };
}

// --- internal ---

const text = v.fallback(v.optional(v.string()), undefined);

/** Those of its entries that are texts. */
const texts = v.pipe(
  v.unknown(),
  v.transform((value) => (Array.isArray(value) ? {} : value)),
  v.fallback(v.record(v.string(), v.unknown()), {}),
  v.transform(
    (record) =>
      Object.fromEntries(
        Object.entries(record).filter(([, value]) => typeof value === "string"),
      ) as Record<string, string>,
  ),
);

/** npm: `Name <mail> (address)`, or an object of these. */
const person = v.fallback(
  v.optional(
    v.union([
      v.pipe(
        v.string(),
        v.transform((name) => name.replace(/\s*[<(].*$/s, "").trim()),
      ),
      v.pipe(
        v.object({ name: v.string() }),
        v.transform(({ name }) => name),
      ),
    ]),
  ),
  undefined,
);

/** A name, or the object that npm once had for it. */
const license = v.fallback(
  v.optional(
    v.union([
      v.string(),
      v.pipe(
        v.object({ type: v.string() }),
        v.transform(({ type }) => type),
      ),
    ]),
  ),
  undefined,
);

const manifestSchema = v.object({
  ...{ name: text, version: text, description: text, license, homepage: text, author: person },
  ...{ main: text, type: text, packageManager: text },
  bin: v.fallback(v.optional(v.union([v.string(), v.record(v.string(), v.unknown())])), undefined),
  ...{ scripts: v.optional(texts, {}), dependencies: v.optional(texts, {}) },
  ...{ devDependencies: v.optional(texts, {}), optionalDependencies: v.optional(texts, {}) },
  peerDependencies: v.optional(texts, {}),
});

function toManifest(file: string | null, raw: Record<string, unknown>): Manifest {
  const { bin, ...fields } = v.parse(manifestSchema, raw);
  return { file, raw, ...fields, bin: programs(fields.name, bin) };
}

function programs(name: string | undefined, bin: string | Record<string, unknown> | undefined) {
  if (typeof bin === "string")
    return name === undefined ? {} : { [name.replace(/^@[^/]*\//, "")]: bin };
  return v.parse(texts, bin ?? {});
}

function parseText(file: string, content: string): unknown {
  try {
    if (file.endsWith(".yaml")) return parseYAML(content);
    if (file.endsWith(".json5")) return parseJSON5(content);
    return JSON.parse(content);
  } catch (cause) {
    rejectConflict(file, content);
    const format = file.endsWith(".yaml") ? "YAML" : file.endsWith(".json5") ? "JSON5" : "JSON";
    const problem = file.endsWith(".json") ? jsonProblem(content) : null;
    const message = problem?.message ?? (cause as Error).message.split("\n")[0];
    throw new NuaError("input", `Read "${file}": not valid ${format}: ${message}`, {
      file,
      position: problem?.position,
      cause,
    });
  }
}

function hasKey(line: string, key: string): boolean {
  return (
    line.includes(`"${key}"`) || new RegExp(`(^|[{,\\s])'?${RegExp.escape(key)}'?\\s*:`).test(line)
  );
}

function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
