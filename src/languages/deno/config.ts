/**
 * Pure: reads deno.json and deno.jsonc, which both may have comments: what Deno is told of an app, or
 * of a member of its workspace. Source: denoland/deno, cli/schemas/config-file.v1.json.
 */
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
} from "jsonc-parser";
import * as v from "valibot";
import { NuaError } from "../../lib/errors.ts";
import { jsonErrorWords } from "../../lib/json-problem.ts";
import { oncePer } from "../../lib/once-per.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";

/** In the order in which Deno looks for them. */
export const CONFIGS: readonly string[] = ["deno.json", "deno.jsonc"];

const text = v.optional(v.string());
const texts = v.optional(v.record(v.string(), v.string()), {});

/** A line, or with what is run before it. */
const task = v.union([
  v.pipe(
    v.string(),
    v.transform((command) => ({ command, dependencies: [] as string[] })),
  ),
  v.object({
    command: v.optional(v.string(), ""),
    dependencies: v.optional(v.array(v.string()), []),
  }),
]);

const configSchema = v.object({
  ...{ name: text, version: text, importMap: text, license: text },
  exports: v.optional(v.union([v.string(), v.record(v.string(), v.unknown())])),
  tasks: v.optional(v.record(v.string(), task), {}),
  imports: texts,
  scopes: v.optional(v.record(v.string(), texts), {}),
  nodeModulesDir: v.optional(v.union([v.boolean(), v.string()])),
  vendor: v.optional(v.boolean(), false),
  lock: v.optional(v.union([v.boolean(), v.string(), v.object({ path: text })])),
  workspace: v.optional(
    v.union([v.array(v.string()), v.object({ members: v.optional(v.array(v.string()), []) })]),
    [],
  ),
  permissions: v.optional(v.record(v.string(), v.unknown()), {}),
  ...{ links: v.optional(v.array(v.string()), []), patch: v.optional(v.array(v.string()), []) },
  compilerOptions: v.optional(v.unknown()),
});

/** A file with nothing in it says nothing. */
const NO_LIST = v.pipe(
  v.optional(v.unknown(), {}),
  v.check((value) => !Array.isArray(value), "expected an object"),
);

export type Task = v.InferOutput<typeof task>;

export interface DenoConfig extends Readonly<v.InferOutput<typeof configSchema>> {
  /** Relative to the tree. */
  file: string;
  /** Relative to the tree; empty for its top. */
  folder: string;
}

/** The file of a folder; null where there is none. */
export function configFile(tree: SourceTree, folder = ""): string | null {
  return CONFIGS.map((name) => joined(folder, name)).find((path) => tree.has(path)) ?? null;
}

/**
 * What a folder's file says; null where there is none.
 * @throws NuaError (input) for one that Deno would not read
 */
export const readConfig = oncePer((tree: SourceTree, folder: string = ""): DenoConfig | null => {
  const file = configFile(tree, folder);
  if (file === null) return null;
  const root = parseFile(tree, file);
  const parsed = v.safeParse(
    v.pipe(NO_LIST, configSchema),
    root && (getNodeValue(root) as unknown),
  );
  if (parsed.success) return { ...parsed.output, file, folder };
  const [issue] = parsed.issues;
  const keys = (issue.path ?? []).map(({ key }) => key as string | number);
  throw new NuaError("input", `Read "${file}": ${keys.join(".") || "it"}: ${issue.message}`, {
    file,
    position: { line: lineOfNode(tree.text(file)!, root, keys) ?? 1, column: 1 },
    hint: "write it as docs.deno.com/runtime/fundamentals/configuration has it",
  });
});

/** A key of a file, with its line. */
export function originOf(tree: SourceTree, file: string, ...keys: (string | number)[]): Origin {
  const line = lineOfNode(tree.text(file) ?? "", treeOf(tree, file), keys);
  return { what: file, ...(line === undefined ? {} : { line }) };
}

/** `path` below a folder of the tree. */
export function joined(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

/** JSON with comments; undefined where there is nothing in it. @throws NuaError (input) */
export function parseFile(tree: SourceTree, file: string): Node | undefined {
  const content = tree.text(file);
  if (content === undefined) throw new NuaError("input", `Read "${file}": it is no readable text`);
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first === undefined) return root;
  rejectConflict(file, content);
  const before = content.slice(0, first.offset).split("\n");
  throw new NuaError("input", `Read "${file}": not valid JSON: ${jsonErrorWords(first.error)}`, {
    file,
    position: { line: before.length, column: before.at(-1)!.length + 1 },
  });
}

// --- internal ---

/** For places only: what cannot be read has been told of before. */
const treeOf = oncePer((tree: SourceTree, file: string): Node | undefined => {
  return parseTree(tree.text(file) ?? "", [], { allowTrailingComma: true });
});

function lineOfNode(content: string, root: Node | undefined, keys: readonly (string | number)[]) {
  if (root === undefined) return undefined;
  for (let end = keys.length; end > 0; end -= 1) {
    const node = findNodeAtLocation(root, keys.slice(0, end));
    if (node === undefined) continue;
    const offset = node.parent?.type === "property" ? node.parent.offset : node.offset;
    return content.slice(0, offset).split("\n").length;
  }
  return undefined;
}
