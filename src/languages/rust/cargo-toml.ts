/** Pure: Cargo.toml, as far as building an app needs it. Source: The Cargo Book, "The Manifest Format". */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import { NuaError, type Position } from "../../lib/errors.ts";
import { oncePer } from "../../lib/once-per.ts";
import { tomlProblem } from "../../lib/toml-problem.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";

export const CARGO_TOML = "Cargo.toml";

const text = v.optional(v.string());
const texts = v.optional(v.array(v.string()), []);
const flag = v.optional(v.boolean());

/** A key of a package may be that of its workspace. */
const inherited = v.object({ workspace: v.literal(true) });
const field = v.optional(v.union([v.string(), inherited]));
const list = v.optional(v.union([v.array(v.string()), inherited]));

/** What a package wants of another. */
export interface Dependency {
  version?: string | undefined;
  /** Relative to its own folder; one that its workspace names, to that. */
  path?: string | undefined;
  git?: string | undefined;
  /** As it is called, where that is not its key. */
  package?: string | undefined;
  workspace?: boolean | undefined;
  optional?: boolean | undefined;
}

const dependency = v.union([
  v.pipe(
    v.string(),
    v.transform((version): Dependency => ({ version })),
  ),
  v.object({
    version: text,
    path: text,
    git: text,
    package: text,
    workspace: flag,
    optional: flag,
  }),
]);
const dependencies = v.optional(v.record(v.string(), dependency), {});

const kinds = {
  dependencies,
  "dev-dependencies": dependencies,
  "build-dependencies": dependencies,
};

const program = v.object({ name: text, path: text, "required-features": texts });

const described = {
  ...{ version: field, edition: field, "rust-version": field, description: field },
  ...{ license: field, homepage: field, repository: field, authors: list },
};

const manifest = v.object({
  package: v.optional(
    v.object({ name: v.string(), "default-run": text, autobins: flag, ...described }),
  ),
  workspace: v.optional(
    v.object({
      members: texts,
      exclude: texts,
      "default-members": v.optional(v.array(v.string())),
      package: v.optional(v.object(described), {}),
      dependencies,
    }),
  ),
  lib: v.optional(v.object({ path: text })),
  bin: v.optional(v.array(program), []),
  features: v.optional(v.record(v.string(), v.array(v.string())), {}),
  target: v.optional(v.record(v.string(), v.object(kinds)), {}),
  patch: v.optional(v.record(v.string(), v.unknown()), {}),
  ...kinds,
});

export type Manifest = v.InferOutput<typeof manifest>;

/**
 * Undefined where there is none.
 * @throws NuaError (input) with the place of what is wrong with it
 */
export function readManifest(tree: SourceTree, file: string): Manifest | undefined {
  return readCargoFile(tree, file, manifest);
}

/**
 * What a file of TOML holds; undefined where there is none.
 * @throws NuaError (input) with the place of what is wrong with it
 */
export function readCargoFile<Out>(
  tree: SourceTree,
  file: string,
  schema: v.GenericSchema<unknown, Out>,
  hint?: string,
): Out | undefined {
  const parsed = parse(tree, file, hint ?? "");
  if (parsed === undefined) return undefined;
  const { success, output, issues } = v.safeParse(schema, parsed);
  if (success) return output;
  const path = v.getDotPath(issues[0]!) ?? "";
  const said = issues[0]!.message;
  const where = path === "" ? "" : `${path}: `;
  throw fileError(file, `${where}${said.charAt(0).toLowerCase()}${said.slice(1)}`, {
    line: lineOfKey(tree.text(file) ?? "", path),
  });
}

/** An error about a file of the app. */
export function fileError(
  file: string,
  problem: string,
  { line, hint, position, cause }: FileErrorDetails = {},
): NuaError {
  const place = position ?? (line === undefined ? undefined : { line, column: 1 });
  return new NuaError("input", `Read "${file}": ${problem}`, {
    ...{ file, hint, cause },
    position: place,
  });
}

/** The first line that begins with a key, or quotes a text, counted from 1. */
export function lineWith(text: string, pattern: RegExp): number | undefined {
  const at = text.split("\n").findIndex((line) => pattern.test(line));
  return at < 0 ? undefined : at + 1;
}

/** The line that has a text in quotes. */
export function lineQuoting(text: string, quoted: string): number | undefined {
  const at = text.split("\n").findIndex((line) => /["']/.test(line) && line.includes(quoted));
  return at < 0 ? undefined : at + 1;
}

// --- internal ---

interface FileErrorDetails {
  line?: number | undefined;
  hint?: string | undefined;
  position?: Position;
  cause?: unknown;
}

/** A tree never changes, and each part of a plan asks. */
const parse = oncePer((tree: SourceTree, file: string, hint: string): unknown => {
  const text = tree.text(file);
  if (text === undefined) return undefined;
  if (hint === "") rejectConflict(file, text);
  else rejectConflict(file, text, hint);
  try {
    return parseTOML(text.replaceAll("\r\n", "\n"));
  } catch (cause) {
    const { reason, position } = tomlProblem(cause);
    throw fileError(file, `not valid TOML: ${reason}`, { position, cause });
  }
});

function lineOfKey(text: string, path: string): number | undefined {
  const name = path.split(".").findLast((part) => /^[\w-]+$/.test(part) && !/^\d+$/.test(part));
  if (name === undefined) return undefined;
  return lineWith(text, new RegExp(`^[ \\t]*["']?${name}["']?\\s*[=.]|^\\[.*${name}`));
}
