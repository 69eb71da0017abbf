/** Schema errors as problems with positions. */
import * as v from "valibot";
import type { RuleProblem } from "./normalize.ts";
import { type AppConfig, configSchema } from "./schema.ts";
import type { Path } from "./source-map.ts";

type Table = Record<string, unknown>;

export interface SchemaResult {
  problems: RuleProblem[];
  /** Without what is wrong; null when nothing is left to go on with. */
  config: AppConfig | null;
  /** What was read, without what is wrong: `config` was made of it. */
  source: Table;
}

/** Checks a configuration, and goes on with the rest of a faulty one: one run finds all errors. */
export function parseSchema(source: Table): SchemaResult {
  const first = v.safeParse(configSchema, source);
  if (first.success) return { problems: [], config: first.output, source };
  const problems = first.issues.map(describeIssue);
  let rest = structuredClone(source);
  for (const { path } of problems) removeAt(rest, path);
  const second = v.safeParse(configSchema, rest);
  // What a removed key has left incomplete goes as a whole.
  if (!second.success) {
    const faulty = new Set(second.issues.map((issue) => String(issue.path?.[0]?.key)));
    rest = Object.fromEntries(Object.entries(rest).filter(([key]) => !faulty.has(key)));
  }
  const metadata = isTable(rest.metadata) ? rest.metadata : {};
  rest.metadata = { ...PLACEHOLDERS, ...metadata };
  const last = v.safeParse(configSchema, rest);
  return { problems, config: last.success ? last.output : null, source: rest };
}

/** Whether a rule was only broken because something faulty had been taken out. */
export function isConsequence({ path, name }: RuleProblem, faults: readonly RuleProblem[]) {
  return faults.some(
    (fault) =>
      isWithin(path, fault.path) ||
      isWithin(fault.path, path) ||
      (name !== undefined && name === fault.path[1]),
  );
}

// --- internal ---

const PLACEHOLDERS = { id: "id", version: "0", title: "", author: "" };

/** The types of JavaScript as people know them from their configuration. */
const TYPES: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "a table",
  null: "null",
};

function describeIssue(given: v.BaseIssue<unknown>): RuleProblem {
  const { issue, path } = innermost(given);
  if (issue.input === undefined) return { path, message: "missing", hint: "it is required" };
  const isOwn = issue.message.startsWith("expected");
  const expected = isOwn
    ? issue.message
    : `expected ${TYPES[issue.expected ?? ""] ?? issue.expected}`;
  return { path, message: `${expected}, not ${TYPES[issue.received] ?? issue.received}` };
}

/** Of a union, such as a text or a list of texts, the item that is wrong and not all of the list. */
function innermost(
  issue: v.BaseIssue<unknown>,
  base: Path = [],
): { issue: typeof issue; path: Path } {
  const path = [...base, ...(issue.path ?? []).map(({ key }) => key as string | number)];
  const inner = issue.issues?.find((candidate) => (candidate.path?.length ?? 0) > 0);
  return inner === undefined ? { issue, path } : innermost(inner, path);
}

function removeAt(config: Table, path: Path): void {
  let parent: unknown = config;
  for (const part of path.slice(0, -1)) {
    if (parent === null || typeof parent !== "object") return;
    parent = (parent as Record<string | number, unknown>)[part];
  }
  const key = path.at(-1);
  // An item stays as a text, or those after it would change their places.
  if (Array.isArray(parent) && typeof key === "number") parent[key] = "";
  else if (isTable(parent) && key !== undefined) delete parent[key];
}

function isTable(value: unknown): value is Table {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((part, index) => part === path[index]);
}
