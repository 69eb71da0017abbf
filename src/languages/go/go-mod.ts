/**
 * Pure: parses go.mod and go.work, which have one grammar. Source: go.dev/ref/mod, "go.mod files"
 * and "go.work files".
 */
import { NuaError } from "../../lib/errors.ts";
import { rejectConflict } from "../merge-conflict.ts";

export interface Required {
  path: string;
  version: string;
  line: number;
}

export interface Replaced {
  path: string;
  /** Empty: whatever its version. */
  version: string;
  /** Another module, or a folder: that begins with "./", "../" or "/". */
  to: string;
  /** Of the other module; empty for a folder. */
  toVersion: string;
  line: number;
}

export interface GoVersionLine {
  /** "1.22.3", or as a toolchain is called: "go1.22.3". */
  version: string;
  line: number;
}

export interface GoModFile {
  /** As people call it, relative to the app. */
  file: string;
  /** The module's own path; empty in go.work. */
  module: string;
  go: GoVersionLine | null;
  toolchain: GoVersionLine | null;
  requires: Required[];
  replaces: Replaced[];
  /** Folders of a workspace's members. */
  uses: { folder: string; line: number }[];
}

/** @throws NuaError (input) for a file that Go could not read, or with a conflict of git's in it */
export function parseGoMod(text: string, file: string): GoModFile {
  rejectConflict(file, text);
  const parsed: GoModFile = {
    ...{ file, module: "", go: null, toolchain: null, requires: [], replaces: [], uses: [] },
  };
  for (const statement of statementsOf(text, file)) take(statement, parsed);
  return parsed;
}

// --- internal ---

interface Statement {
  verb: string;
  args: string[];
  line: number;
}

/** A text in either kind of quotes, one of the signs that stand alone, or a plain word. */
const TOKEN =
  /\s+|\/\/.*|"((?:[^"\\]|\\.)*)"|`([^`]*)`|(=>|[()\],[])|((?:(?!\/\/|=>)[^\s"`(),[\]])+)/gy;

function statementsOf(text: string, file: string): Statement[] {
  const statements: Statement[] = [];
  let block: { verb: string; line: number } | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const words = wordsOf(raw, { file, line });
    if (words.length === 0) continue;
    if (block !== null && words.length === 1 && words[0] === ")") {
      block = null;
    } else if (block !== null) {
      statements.push({ verb: block.verb, args: words, line });
    } else if (words.length === 2 && words[1] === "(") {
      block = { verb: words[0]!, line };
    } else if (/^[a-z]+$/.test(words[0]!)) {
      statements.push({ verb: words[0]!, args: words.slice(1), line });
    } else {
      throw unreadable({ file, line }, `"${words[0]!.slice(0, 40)}" is no directive`);
    }
  }
  if (block !== null) throw unreadable({ file, line: block.line }, "its parenthesis is not closed");
  return statements;
}

interface Place {
  file: string;
  line: number;
}

function wordsOf(raw: string, place: Place): string[] {
  const words: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < raw.length) {
    const match = TOKEN.exec(raw);
    if (match === null) throw unreadable(place, "a text is not closed");
    const [, quoted, plain, sign, word] = match;
    const found = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? sign ?? word;
    if (found !== undefined) words.push(found);
  }
  return words;
}

/** Directives that this table does not have are for Go itself. */
function take({ verb, args, line }: Statement, parsed: GoModFile): void {
  const place = { file: parsed.file, line };
  const [first = "", second = ""] = args;
  switch (verb) {
    case "module":
      if (args.length !== 1) throw unreadable(place, "expected module PATH");
      parsed.module = first;
      return;
    case "go":
    case "toolchain":
      if (args.length !== 1) throw unreadable(place, `expected ${verb} VERSION`);
      parsed[verb] = { version: first, line };
      return;
    case "require":
      if (args.length !== 2) throw unreadable(place, "expected require PATH VERSION");
      parsed.requires.push({ path: first, version: second, line });
      return;
    case "replace":
      parsed.replaces.push(replacementOf(args, place));
      return;
    case "use":
      if (args.length !== 1) throw unreadable(place, "expected use FOLDER");
      parsed.uses.push({ folder: first, line });
  }
}

/** `PATH [VERSION] => PATH VERSION` or `PATH [VERSION] => FOLDER`. */
function replacementOf(args: readonly string[], place: Place): Replaced {
  const arrow = args.indexOf("=>");
  const [path = "", version = ""] = args.slice(0, arrow);
  const [to = "", toVersion = ""] = args.slice(arrow + 1);
  const isShort = arrow < 1 || arrow > 2 || args.length < arrow + 2 || args.length > arrow + 3;
  if (isShort || isFolder(to) !== (toVersion === "")) {
    throw unreadable(place, "expected replace PATH [VERSION] => FOLDER, or PATH VERSION");
  }
  return { path, version, to, toVersion, line: place.line };
}

function isFolder(to: string): boolean {
  return /^(\.{0,2}\/|\.{1,2}$)/.test(to);
}

function unreadable({ file, line }: Place, reason: string): NuaError {
  return new NuaError("input", `Read "${file}": ${reason}`, {
    file,
    position: { line, column: 1 },
    hint: "correct it; go mod edit -fmt shows what Go makes of it",
  });
}
