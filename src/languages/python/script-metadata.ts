/** Pure: what a single script says of itself (inline script metadata, PEP 723). */
import { parseTOML } from "confbox";
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";

export interface ScriptMetadata {
  dependencies: readonly string[];
  requiresPython?: string;
  /** Of the line that opens it, counted from 1. */
  line: number;
}

/** Undefined where it says nothing, or what it says cannot be read. */
export function scriptMetadata(text: string): ScriptMetadata | undefined {
  if (!text.includes("# /// script")) return undefined;
  const block = BLOCK.exec(text.slice(0, LONGEST_SCRIPT));
  if (block === null) return undefined;
  const toml = block[1]!.replace(/^# ?/gm, "");
  try {
    const metadata = v.parse(schema, parseTOML(toml));
    const { dependencies, "requires-python": requiresPython } = metadata;
    const line = text.slice(0, block.index).split("\n").length;
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

/** Source: the reference implementation in the specification, for the type "script". */
const BLOCK = /^# \/\/\/ script[^\S\n]*\n((?:#(?:| [^\n]*)\n)+?)# \/\/\/[^\S\n]*$/m;

const schema = v.object({
  dependencies: v.optional(v.array(v.string()), []),
  "requires-python": v.optional(v.string()),
});
