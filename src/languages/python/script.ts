/** Pure: a script that says itself what it needs (inline script metadata, PEP 723). */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";
import type { LanguagePlan } from "../language.ts";
import { installLocked, installResolved, type Place } from "./install-commands.ts";
import { fileError, lineOf } from "./manifests/read-file.ts";
import { formatRequirement } from "./manifests/requirement.ts";
import { declare } from "./package-managers/declared.ts";
import { lockText } from "./package-managers/lock-text.ts";
import { readUvLock, uvPackages } from "./package-managers/uv-lock.ts";

export interface ScriptMetadata {
  dependencies: readonly string[];
  "requires-python"?: string | undefined;
}

/** @throws NuaError where it cannot be read */
export function readScriptMetadata(tree: SourceTree, file: string): ScriptMetadata | undefined {
  const text = tree.text(file) ?? "";
  const block = BLOCK.exec(text.replaceAll("\r\n", "\n"));
  if (block === null) {
    const line = lineOf(text, /^# \/\/\/ script/m);
    if (line === undefined) return undefined;
    throw fileError(file, "its block of metadata has no end", {
      line,
      hint: 'end it with "# ///"',
    });
  }
  const toml = block[1]!.replace(/^# ?/gm, "");
  const first = lineOf(text, /^# \/\/\/ script/m)!;
  try {
    return v.parse(schema, parseTOML(toml));
  } catch (cause) {
    const { line = 1, message } = cause as Error & { line?: number };
    const [reason = ""] = message.replace(/^Invalid TOML document: /, "").split("\n");
    throw fileError(file, `its metadata is not valid: ${reason}`, { line: first + line, cause });
  }
}

/** The lock that uv writes beside a script holds. */
export function planScript(file: string, tree: SourceTree, place: Place): LanguagePlan {
  const metadata = readScriptMetadata(tree, file);
  const lock = readUvLock(tree, `${file}.lock`);
  if (lock !== undefined) {
    const environment = { python: undefined, extras: [], groups: [] };
    const packages = uvPackages(lock, { folder: "", environment });
    const text = lockText({ file: lock.file, packages });
    const install = installLocked({ kind: "locked", text, packages }, place);
    return { packages: [], install, build: [] };
  }
  const requirements = (metadata?.dependencies ?? []).map((one) =>
    formatRequirement(declare(one, file, tree).requirement),
  );
  const none = { apart: [], options: [], preferred: [], folders: [], archives: [] };
  const install = installResolved({ kind: "resolved", requirements, ...none }, null, place);
  return { packages: [], install, build: [] };
}

// --- internal ---

/** Source: the reference implementation in the specification, for the type "script". */
const BLOCK = /^# \/\/\/ script[^\S\n]*\n((?:#(?:| [^\n]*)\n)+?)# \/\/\/[^\S\n]*$/m;

const schema = v.object({
  dependencies: v.optional(v.array(v.string()), []),
  "requires-python": v.optional(v.string()),
});
