/** Pure: manifests and lock files of Python apps in TOML and JSON, read and checked. */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import { NuaError, type Position } from "../../../lib/errors.ts";
import { jsonProblem } from "../../../lib/json-problem.ts";
import { oncePer } from "../../../lib/once-per.ts";
import { tomlProblem } from "../../../lib/toml-problem.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";

type Schema = v.GenericSchema<unknown, unknown>;

/**
 * What a file holds; undefined where there is none.
 * @throws NuaError with the place of what is wrong with it
 */
export function readToml<S extends Schema>(
  tree: SourceTree,
  file: string,
  schema: S,
): v.InferOutput<S> | undefined {
  return read(tree, file, schema, "TOML");
}

/** As {@link readToml}. */
export function readJson<S extends Schema>(
  tree: SourceTree,
  file: string,
  schema: S,
): v.InferOutput<S> | undefined {
  return read(tree, file, schema, "JSON");
}

/** All of a file, as it is; empty where there is none, or nothing that can be read. */
export function readRawToml(tree: SourceTree, file: string): Record<string, unknown> {
  return readToml(tree, file, ANYTHING) ?? {};
}

/** An error about a file of the app. */
export function fileError(
  file: string,
  problem: string,
  details: { hint?: string; line?: number; position?: Position; cause?: unknown } = {},
): NuaError {
  const { hint, line, cause } = details;
  const position = details.position ?? (line === undefined ? undefined : { line, column: 1 });
  return new NuaError("input", `Read "${file}": ${problem}`, { hint, file, position, cause });
}

/** The line of the first match, counted from 1; undefined where there is none. */
export function lineOf(text: string, pattern: RegExp): number | undefined {
  const at = text.search(pattern);
  return at < 0 ? undefined : text.slice(0, at).split("\n").length;
}

// --- internal ---

const PARSERS = {
  TOML: (text: string): unknown => parseTOML(text.replaceAll("\r\n", "\n")),
  JSON: (text: string): unknown => JSON.parse(text),
};

type Format = keyof typeof PARSERS;

const ANYTHING = v.record(v.string(), v.unknown());

/** A tree never changes, a lock may be large, and each part of a plan asks. */
const READ = new WeakMap<SourceTree, Map<string, Map<Schema, unknown>>>();

function read<S extends Schema>(
  tree: SourceTree,
  file: string,
  schema: S,
  format: Format,
): v.InferOutput<S> | undefined {
  const known = READ.get(tree)?.get(file)?.get(schema);
  if (known !== undefined) return known as v.InferOutput<S>;
  const text = tree.text(file);
  if (text === undefined) return undefined;
  const { success, output, issues } = v.safeParse(schema, parsed(tree, file, format));
  if (success) {
    const files = READ.get(tree) ?? new Map<string, Map<Schema, unknown>>();
    READ.set(tree, files.set(file, (files.get(file) ?? new Map()).set(schema, output)));
    return output as v.InferOutput<S>;
  }
  const [issue] = issues;
  const path = v.getDotPath(issue!) ?? "";
  throw fileError(file, `${path === "" ? "" : `${path}: `}${lower(issue!.message)}`, {
    ...lineOfKey(text, path),
  });
}

/** Several schemas read the same lock. */
const parsed = oncePer((tree: SourceTree, file: string, format: Format): unknown => {
  const text = tree.text(file) ?? "";
  rejectConflict(file, text);
  try {
    return PARSERS[format](text);
  } catch (cause) {
    const json = format === "JSON" ? jsonProblem(text) : null;
    const toml = tomlProblem(cause);
    const problem = `not valid ${format}: ${json?.message ?? toml.reason}`;
    throw fileError(file, problem, { position: json?.position ?? toml.position, cause });
  }
});

/** Of the last name of a path, where a line begins with it. */
function lineOfKey(text: string, path: string): { line?: number } {
  const name = path.split(".").findLast((part) => /^[\w-]+$/.test(part) && !/^\d+$/.test(part));
  if (name === undefined) return {};
  const line = lineOf(text, new RegExp(`^[ \\t]*["']?${name}["']?\\s*[=:]|^\\[.*${name}`, "m"));
  return line === undefined ? {} : { line };
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
