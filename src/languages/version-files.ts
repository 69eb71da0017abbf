/**
 * Pure: files of version managers: those that name one version, and those that name tools of several
 * languages: mise.toml and .tool-versions. Source: mise, "Configuration"; asdf, "Configuration".
 */
import { parseTOML } from "confbox/toml";
import { NuaError } from "../lib/errors.ts";
import { tomlProblem } from "../lib/toml-problem.ts";
import type { Origin } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { rejectConflict } from "./merge-conflict.ts";

export interface NamedVersion {
  /** As it stands there: "3.2", "20.11.1", "latest", "lts". */
  version: string;
  from: Origin;
}

/** Those that mise reads, the strongest first, and asdf's. */
export const TOOL_FILES: readonly string[] = [
  "mise.toml",
  ".mise.toml",
  "mise/config.toml",
  ".mise/config.toml",
  ".config/mise.toml",
  ".config/mise/config.toml",
  ".tool-versions",
];

/**
 * What the strongest of these files that names a tool says of it; nothing for what is of one machine.
 * @param names of the tool, with those that it had before
 * @throws NuaError (input) for TOML that is none
 */
export function namedVersion(tree: SourceTree, names: readonly string[]): NamedVersion | null {
  for (const file of TOOL_FILES) {
    const text = tree.text(file);
    if (text === undefined) continue;
    const found = file.endsWith(".toml")
      ? fromToml(text, { file, names })
      : fromLines(text, { file, names });
    if (found) return OF_ONE_MACHINE.test(found.version) ? null : found;
  }
  return null;
}

/** A file of one version: its first line that is more than a comment. */
export function versionInFile(tree: SourceTree, file: string): NamedVersion | null {
  const lines = (tree.text(file) ?? "").split(/\r?\n/);
  const versions = lines.map((line) => line.replace(/#.*/, "").trim());
  const at = versions.findIndex((version) => version !== "");
  return at < 0 ? null : { version: versions[at]!, from: { what: file, line: at + 1 } };
}

// --- internal ---

/** Source: asdf, "Configuration". */
const OF_ONE_MACHINE = /^(?:system$|path:|ref:)/;

interface Sought {
  file: string;
  names: readonly string[];
}

/** `python 3.12.1 3.11.4 # the first counts` */
function fromLines(text: string, { file, names }: Sought): NamedVersion | null {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [name = "", version] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (version === undefined || !names.includes(name)) continue;
    return { version: plain(version), from: { what: file, line: index + 1 } };
  }
  return null;
}

/** `[tools]` with `python = "3.12"`, `["3.12", "3.11"]` or `{ version = "3.12" }`. */
function fromToml(text: string, { file, names }: Sought): NamedVersion | null {
  const { tools } = parsed(text, file) as { tools?: Record<string, unknown> };
  if (typeof tools !== "object" || tools === null) return null;
  const name = names
    .flatMap((one) => [one, `core:${one}`])
    .find((one) => Object.hasOwn(tools, one));
  if (name === undefined) return null;
  const listed = tools[name];
  const [first] = Array.isArray(listed) ? listed : [listed];
  const version = typeof first === "object" ? (first as { version?: unknown })?.version : first;
  if (typeof version !== "string" && typeof version !== "number") return null;
  const key = new RegExp(`^\\s*(?:tools\\.)?["']?(?:core:)?${name.replace("core:", "")}["']?[ .=]`);
  const at = text.split("\n").findIndex((line) => key.test(line));
  return { version: plain(String(version)), from: { what: file, line: Math.max(0, at) + 1 } };
}

/** `latest:3.2` and `prefix:3.2` are the newest of a series, as a version alone is. */
function plain(version: string): string {
  return version.replace(/^(latest|prefix):/, "");
}

function parsed(text: string, file: string): object {
  try {
    return parseTOML(text.replaceAll("\r\n", "\n"));
  } catch (cause) {
    rejectConflict(file, text);
    const { reason, position } = tomlProblem(cause);
    const problem = `Read "${file}": not valid TOML: ${reason}`;
    throw new NuaError("input", problem, { file, position, cause });
  }
}
