/** Pure: requirements files, as pip reads them: lines, and the files that they include. */
import { posix } from "node:path";
import type { SourceTree } from "../../../source/source-tree.ts";

export interface RequirementLine {
  /** Without its comment. */
  text: string;
  /** Counted from 1. */
  line: number;
}

export interface RequirementFile {
  /** Relative to the source. */
  name: string;
  lines: readonly RequirementLine[];
}

/** The lines that say something; one that ends with a backslash goes on with the next. */
export function requirementLines(text: string): RequirementLine[] {
  const found: RequirementLine[] = [];
  let open: RequirementLine | null = null;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const isComment = /^\s*#/.test(raw);
    const start: RequirementLine = open ?? { text: "", line: index + 1 };
    const isContinued = raw.endsWith("\\") && !isComment;
    const own = isComment ? "" : isContinued ? raw.slice(0, -1) : raw;
    const joined: string = start.text + (open === null ? own : own.replace(/^\s+/, " "));
    open = isContinued ? { text: joined, line: start.line } : null;
    if (!isContinued)
      found.push({ text: joined.replace(/(^|\s)#.*$/, "").trim(), line: start.line });
  }
  if (open !== null) found.push({ ...open, text: open.text.trim() });
  return found.filter((one) => one.text !== "");
}

/** The file that a line includes, as it is written; undefined where it includes none. */
export function includedFile(line: string): string | undefined {
  return INCLUDE.exec(line)?.[1]?.replace(/^["']|["']$/g, "");
}

/**
 * A requirements file and those that it includes, each once. One that is not there is named all
 * the same, without lines; an address is not.
 */
export function requirementFiles(tree: SourceTree, top: string): RequirementFile[] {
  const found = new Map<string, RequirementFile>();
  const visit = (name: string) => {
    if (found.has(name) || found.size >= MOST_FILES) return;
    const lines = requirementLines(tree.text(name) ?? "");
    found.set(name, { name, lines });
    for (const { text } of lines) {
      const included = includedFile(text);
      if (included === undefined || included.includes("://")) continue;
      visit(posix.normalize(posix.join(posix.dirname(name), included)));
    }
  };
  visit(top);
  return [...found.values()];
}

/**
 * The folder or file that a line stands for, as pip tells paths from names; undefined where it
 * stands for a package of an index, a repository or an address.
 */
export function localPath(line: string): string | undefined {
  const text = line
    // Of many spaces, each would be tried as the first.
    .replace(/\s+/g, " ")
    .replace(/^(-e|--editable)(\s+|=|(?=[./]))/, "")
    .replace(/\s--\w.*$/, "")
    .trim();
  const direct = /^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(text)?.[1];
  const place = direct ?? text.replace(/\s*;.*$/, "");
  if (/^file:/.test(place)) return stripExtras(place.replace(/^file:(\/\/)?/, ""));
  if (/^[a-z][a-z+]*:\/\//i.test(place) || /^[a-z]+\+/.test(place)) return undefined;
  if (direct !== undefined) return /^[./]/.test(place) ? stripExtras(place) : undefined;
  const isPath = place.includes("/") || place.startsWith(".") || ARCHIVE.test(stripExtras(place));
  return isPath && !place.startsWith("-") ? stripExtras(place) : undefined;
}

/** Whether a line is of a repository: then git has to be there. */
export function isRepository(line: string): boolean {
  return /(^|[\s@=])(git|hg|svn|bzr)\+/.test(line);
}

// --- internal ---

const MOST_FILES = 200;
const INCLUDE = /^(?:--requirement|--constraint|-r|-c)(?:\s+|=)?(\S+)/;
const ARCHIVE = /\.(whl|zip|tar\.\w+|tgz|tar)$/;

function stripExtras(path: string): string {
  return path.replace(/(.)\[[^[\]]*\]$/, "$1");
}
