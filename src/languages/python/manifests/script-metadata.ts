/** Pure: what a single script says of itself (inline script metadata, PEP 723). */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";

export interface ScriptMetadata {
  dependencies: readonly string[];
  requiresPython?: string;
  /** Of the line that opens it, counted from 1. */
  line: number;
}

/** The TOML of its block, with the line that opens this; undefined where there is none. */
export function scriptBlock(text: string): { toml: string; line: number } | undefined {
  if (!text.includes("# /// script")) return undefined;
  const lines = text.slice(0, LONGEST_SCRIPT).replaceAll("\r\n", "\n");
  const start = OPENING.exec(lines);
  if (start === null) return undefined;
  const line = lines.slice(0, start.index).split("\n").length;
  const rest = lines.slice(start.index + start[0].length + 1).split("\n");
  const end = rest.findIndex((one) => !/^#(?: |$)/.test(one));
  // The last one that may close it does.
  const block = end < 0 ? rest : rest.slice(0, end);
  const close = block.findLastIndex((one) => /^# \/\/\/[^\S\n]*$/.test(one));
  if (close < 0) return undefined;
  const toml = block.slice(0, close).map((one) => one.replace(/^# ?/, ""));
  return { toml: toml.join("\n"), line };
}

/** Undefined where it says nothing, or what it says cannot be read. */
export function scriptMetadata(text: string): ScriptMetadata | undefined {
  const block = scriptBlock(text);
  if (block === undefined) return undefined;
  try {
    const metadata = v.parse(schema, parseTOML(block.toml));
    const { dependencies, "requires-python": requiresPython } = metadata;
    const { line } = block;
    return { dependencies, line, ...(requiresPython === undefined ? {} : { requiresPython }) };
  } catch {
    return undefined;
  }
}

/** The script at the top that says what it needs, if there is one only. */
export function selfDescribedScript(tree: SourceTree): string | undefined {
  const found = tree
    .list("")
    .filter(({ name, kind }) => kind === "file" && name.endsWith(".py"))
    .filter(({ name }) => scriptMetadata(tree.text(name) ?? "") !== undefined);
  return found.length === 1 ? found[0]!.name : undefined;
}

// --- internal ---

const LONGEST_SCRIPT = 1024 * 1024;

/** Source: the specification of inline script metadata. */
const OPENING = /^# \/\/\/ script[^\S\n]*$/m;

const schema = v.object({
  dependencies: v.optional(v.array(v.string()), []),
  "requires-python": v.optional(v.string()),
});
