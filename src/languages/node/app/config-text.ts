/**
 * Reads settings out of configuration files that are programs, such as vite.config.ts, without
 * running them: what they say in so many words is known, and nothing else. Pure.
 */
import { posix } from "node:path";
import { type Token, tokensOf } from "./script-tokens.ts";

export interface ConfigText {
  /**
   * The value of a setting, by the names that lead to it; arguments of functions and elements of
   * lists count as part of what they are given to. Null where it is computed; undefined where it is
   * not there.
   */
  value(...path: string[]): string | boolean | null | undefined;
  /** Whether it is there, whatever it is. */
  has(...path: string[]): boolean;
  /** Modules that are imported. */
  imports: ReadonlySet<string>;
  /** Functions that are called, by their last name. */
  calls: ReadonlySet<string>;
}

/** @param text a program; only its beginning counts where it is longer than people write them */
export function readConfigText(text: string): ConfigText {
  const tokens = tokensOf(text.slice(0, MOST_CHARACTERS));
  const constants = constantsOf(tokens);
  const settings = new Map<string, string | boolean | null>();
  const exported = exportOf(tokens);
  // What stands before it is helpers, or the configuration itself under a name.
  for (const { path, at } of [...settingsOf(tokens)].sort(
    (a, b) => Number(a.at < exported) - Number(b.at < exported),
  )) {
    const id = path.join("\0");
    if (!settings.has(id)) settings.set(id, valueAt(tokens, at, constants));
  }
  return {
    value: (...path) => settings.get(path.join("\0")),
    has: (...path) => settings.has(path.join("\0")),
    imports: importsOf(tokens),
    calls: callsOf(tokens),
  };
}

// --- internal ---

const MOST_CHARACTERS = 256 * 1024;
/** Longer values are computed. */
const MOST_TOKENS = 40;
const MOST_DEPTH = 64;

const OPENING = new Set(["{", "(", "["]);
const CLOSING = new Set(["}", ")", "]"]);

interface Frame {
  opening: string;
  /** What it is the value of. */
  name: string | undefined;
  /** The name whose value is being read. */
  key: string | undefined;
  /** Conditions whose second branch is still to come. */
  conditions: number;
}

const frame = (opening: string, name?: string): Frame => ({
  ...{ opening, name, key: undefined, conditions: 0 },
});

/** Where the value of the module begins: `export default`, `module.exports`; else the beginning. */
function exportOf(tokens: readonly Token[]): number {
  return Math.max(
    0,
    tokens.findIndex(({ text }, index) =>
      text === "default"
        ? tokens[index - 1]?.text === "export"
        : text === "exports" && tokens[index - 2]?.text === "module",
    ),
  );
}

/** Names of settings, with the token that its value begins at. */
function* settingsOf(tokens: readonly Token[]): Generator<{ path: string[]; at: number }> {
  const frames = [frame("{")];
  for (const [index, { kind, text }] of tokens.entries()) {
    const top = frames.at(-1)!;
    if (kind !== "mark") continue;
    if (OPENING.has(text)) {
      if (frames.length > MOST_DEPTH) return;
      frames.push(frame(text, top.key));
    } else if (CLOSING.has(text)) {
      if (frames.length > 1) frames.pop();
    } else if (text === "?") {
      top.conditions += 1;
    } else if (text === "," || text === ";" || text === "=") {
      top.key = undefined;
      top.conditions = 0;
    } else if (text === ":" && top.conditions > 0) {
      top.conditions -= 1;
    } else if (text === ":" && top.opening === "{" && isKey(tokens, index - 1)) {
      top.key = tokens[index - 1]!.text;
      const path = [...frames.slice(1).flatMap(({ name }) => name ?? []), top.key];
      yield { path, at: index + 1 };
    }
  }
}

function isKey(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  const { kind } = tokens[index] ?? { kind: "mark" };
  return kind !== "mark" && (before?.text === "{" || before?.text === ",");
}

/** `const NAME = "text"`: such names stand for their values. */
function constantsOf(tokens: readonly Token[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [index, { text, kind }] of tokens.entries()) {
    if (kind !== "word" || (text !== "const" && text !== "let")) continue;
    const [name, equals, value] = tokens.slice(index + 1, index + 4);
    if (equals?.text === "=" && value?.kind === "string") found.set(name!.text, value.text);
  }
  return found;
}

function importsOf(tokens: readonly Token[]): ReadonlySet<string> {
  const isImport = (index: number): boolean => {
    const [first, second] = [tokens[index - 2]?.text, tokens[index - 1]?.text];
    if (second === "from" || second === "import") return true;
    return second === "(" && (first === "import" || first === "require");
  };
  return new Set(
    tokens.flatMap(({ kind, text }, index) => (kind === "string" && isImport(index) ? [text] : [])),
  );
}

function callsOf(tokens: readonly Token[]): ReadonlySet<string> {
  return new Set(
    tokens.flatMap(({ kind, text }, index) =>
      kind === "word" && tokens[index + 1]?.text === "(" ? [text] : [],
    ),
  );
}

type Constants = ReadonlyMap<string, string>;

function valueAt(tokens: readonly Token[], start: number, constants: Constants) {
  const words: Token[] = [];
  let depth = 0;
  for (const token of tokens.slice(start, start + MOST_TOKENS + 1)) {
    if (token.kind === "mark") {
      if (OPENING.has(token.text)) depth += 1;
      if (depth === 0 && (CLOSING.has(token.text) || /^[,;]$/.test(token.text))) break;
      if (CLOSING.has(token.text)) depth -= 1;
    }
    words.push(token);
  }
  return words.length > MOST_TOKENS ? null : literal(words, constants);
}

function literal(words: readonly Token[], constants: Constants): string | boolean | null {
  const [first, second] = words;
  if (first === undefined) return null;
  if (words.length === 1) return single(first, constants);
  // `"export" as const`, `false satisfies boolean`
  if (second?.kind === "word" && /^(as|satisfies)$/.test(second.text))
    return single(first, constants);
  // `process.env.X || "dist"`: what there is without the variable.
  const last = words.at(-1)!;
  const operator = words.at(-2)?.text;
  if (operator === "||" || operator === "??") {
    const isVariable = first.text === "process" || first.text === "import";
    return isVariable ? single(last, constants) : null;
  }
  return joined(words, constants);
}

function single({ kind, text }: Token, constants: Constants): string | boolean | null {
  if (kind === "string") return text;
  if (kind !== "word") return null;
  if (text === "true" || text === "false") return text === "true";
  return constants.get(text) ?? null;
}

/** `path.resolve(__dirname, "dist")`, and `new URL("./dist", import.meta.url)`. */
function joined(words: readonly Token[], constants: Constants): string | null {
  const text = words.map((word) => (word.kind === "string" ? "\0" : word.text)).join("");
  const parts = words.flatMap((word) => (word.kind === "string" ? [word.text] : []));
  if (parts.some((part) => part.startsWith("/"))) return null;
  const isPath = /^((path|posix)\.)?(resolve|join)\(/.test(text);
  const isUrl = /^(fileURLToPath\()?newURL\(\0,import\.meta\.url\)(\.pathname)?\)?$/.test(text);
  const here = "(__dirname|import\\.meta\\.(dirname|dir)|process\\.cwd\\(\\))";
  const isHere = new RegExp(`\\((${here},)?(\0,?)+\\)$`).test(text);
  if (!isUrl && !(isPath && isHere)) return null;
  const joint = posix.join(...parts);
  return constants.get(joint) ?? joint;
}
