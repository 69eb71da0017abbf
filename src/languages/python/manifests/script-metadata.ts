/** Pure: a script that says itself what it needs (inline script metadata, PEP 723). */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import { tomlProblem } from "../../../lib/toml-problem.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { fileError } from "./read-file.ts";

export interface ScriptMetadata {
  dependencies: readonly string[];
  "requires-python"?: string | undefined;
}

/** @throws NuaError (input) where it cannot be read */
export function readScriptMetadata(tree: SourceTree, file: string): ScriptMetadata | undefined {
  const block = scriptBlock(tree.text(file) ?? "");
  if (block === undefined) return undefined;
  const { toml, line } = block;
  if (toml === null) {
    const hint = 'end it with "# ///"';
    throw fileError(file, "its block of metadata has no end", { line, hint });
  }
  try {
    return v.parse(schema, parseTOML(toml));
  } catch (cause) {
    const { reason, position } = tomlProblem(cause);
    const place = { line: line + position.line, cause };
    throw fileError(file, `its metadata is not valid: ${reason}`, place);
  }
}

/** The same, of what cannot be read nothing: whoever installs it tells. */
export function knownScriptMetadata(tree: SourceTree, file: string): ScriptMetadata | undefined {
  try {
    return readScriptMetadata(tree, file);
  } catch {
    return undefined;
  }
}

/** The script at the top that says what it needs, if there is one only. */
export function findScript(tree: SourceTree): string | null {
  const found = tree
    .list("")
    .filter(({ name, kind }) => kind === "file" && name.endsWith(".py"))
    .filter(({ name }) => OPENING.test(tree.text(name) ?? ""));
  return found.length === 1 ? found[0]!.name : null;
}

// --- internal ---

const LONGEST_SCRIPT = 1024 * 1024;

/** Source: the specification of inline script metadata. */
const OPENING = /^# \/\/\/ script[^\S\n]*$/m;

const schema = v.object({
  dependencies: v.optional(v.array(v.string()), []),
  "requires-python": v.optional(v.string()),
});

/** Its TOML, null where it has no end, and the line that opens it; undefined where there is none. */
function scriptBlock(text: string): { toml: string | null; line: number } | undefined {
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
  if (close < 0) return { toml: null, line };
  const toml = block.slice(0, close).map((one) => one.replace(/^# ?/, ""));
  return { toml: toml.join("\n"), line };
}
