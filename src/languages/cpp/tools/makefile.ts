/**
 * Pure: what Makefiles and Makefile.am say of an app's programs. Source: the manuals of GNU Make and
 * GNU Automake.
 */
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";
import { LIMITS, rejectBinary } from "../app/project.ts";

export const MAKEFILES: readonly string[] = ["GNUmakefile", "Makefile", "makefile"];

export interface Makefile {
  file: string;
  text: string;
  variables: ReadonlyMap<string, { value: string; line: number }>;
  rules: readonly MakeRule[];
}

export interface MakeRule {
  targets: string[];
  needs: string[];
  line: number;
}

/** The first that is there, as make has it. */
export function findMakefile(tree: SourceTree, folder: string): string | undefined {
  return MAKEFILES.map((name) => (folder === "" ? name : `${folder}/${name}`)).find(
    (path) => tree.text(path) !== undefined,
  );
}

/** @throws NuaError (input) for a file that is no text */
export function readMakefile(tree: SourceTree, file: string): Makefile | null {
  const whole = tree.text(file);
  if (whole === undefined) return null;
  rejectBinary(file, whole);
  rejectConflict(file, whole);
  const text = whole.slice(0, LIMITS.characters);
  const variables = new Map<string, { value: string; line: number }>();
  const rules: MakeRule[] = [];
  for (const { line, said } of linesOf(text)) {
    if (variables.size + rules.length > LIMITS.calls) break;
    if (said.startsWith("\t")) continue;
    const [, name, sign, value = ""] = ASSIGNED.exec(said) ?? [];
    if (name !== undefined) {
      const known = variables.get(name);
      if (sign === "?=" && known !== undefined) continue;
      const before = sign === "+=" && known !== undefined ? `${known.value} ` : "";
      variables.set(name, { value: (before + value.trim()).slice(0, MOST_VALUE), line });
      continue;
    }
    const [, targets, needs] = RULE.exec(said) ?? [];
    if (targets !== undefined) rules.push({ targets: words(targets), needs: words(needs!), line });
  }
  return { file, text, variables, rules };
}

/** Words with what their variables stand for; what is not known is left out. */
export function expand({ variables }: Makefile, text: string): string[] {
  let value = text;
  for (let round = 0; round < 5 && value.includes("$"); round += 1) {
    value = value.replace(REFERENCE, (_, one, other) => variables.get(one ?? other)?.value ?? "");
    if (value.length > MOST_VALUE) return [];
  }
  return words(value).filter((one) => !one.includes("$"));
}

/** What is made where nothing is named, through targets that are only names for others. */
export function firstTargets(makefile: Makefile): { name: string; line: number }[] {
  const { rules } = makefile;
  const byName = new Map<string, MakeRule>();
  for (const rule of rules) {
    for (const target of rule.targets.flatMap((one) => expand(makefile, one))) {
      if (!byName.has(target)) byName.set(target, rule);
    }
  }
  const first = rules.find(({ targets }) => targets.every((one) => !/^\.|%/.test(one)));
  const start = byName.get("all") ?? first;
  if (start === undefined) return [];
  const found: { name: string; line: number }[] = [];
  const seen = new Set<string>();
  const queue = [start];
  for (let rule = queue.shift(); rule !== undefined; rule = queue.shift()) {
    for (const name of rule.needs.flatMap((one) => expand(makefile, one))) {
      if (seen.has(name) || seen.size >= LIMITS.found) continue;
      seen.add(name);
      const next = byName.get(name);
      found.push({ name, line: next?.line ?? rule.line });
      if (next !== undefined && /^[\w-]+$/.test(name)) queue.push(next);
    }
  }
  const own = start.targets.flatMap((one) => expand(makefile, one));
  return [...own.map((name) => ({ name, line: start.line })), ...found];
}

// --- internal ---

const MOST_VALUE = 64 * 1024;
const ASSIGNED = /^(?:export[ \t]+|override[ \t]+)?([\w.-]+)[ \t]*(\?=|\+=|::?=|=)(.*)$/;
const RULE = /^([^\t=:#][^=:#]{0,4000}?)[ \t]*::?(?!=)([^=;#]*)/;
const REFERENCE = /\$\((\w{1,128})\)|\$\{(\w{1,128})\}/g;

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** Without comments; one that ends with a backslash goes on. */
function* linesOf(text: string): Generator<{ line: number; said: string }> {
  let joined = "";
  let begun = 1;
  for (const [index, one] of text.split("\n").entries()) {
    const plain = one.replace(/\r$/, "");
    if (joined === "") begun = index + 1;
    if (plain.endsWith("\\") && joined.length < MOST_VALUE) {
      joined += `${plain.slice(0, -1)} `;
      continue;
    }
    yield { line: begun, said: (joined + plain).replace(/(^|\s)#.*$/, "$1") };
    joined = "";
  }
}
