/**
 * Pure: reads a Gemfile without running it, as far as it only declares. Source: Bundler, Dsl.
 */
import { NotDeclarative, type Statement, statementsOf, type Token } from "./tokens.ts";

export interface DeclaredGem {
  name: string;
  /** As Bundler compares them: "~> 7.0". */
  requirements: string[];
  /** The groups that it is of; none: those of every environment. */
  groups: string[];
  /** Whether it comes from a folder or a repository. */
  isElsewhere: boolean;
  /** Whether something else decides if it is one of the app's. */
  isConditional: boolean;
}

export interface Gemfile {
  gems: DeclaredGem[];
  /** What it says of Ruby itself: requirements, or a file that has the version. */
  ruby: { line: number; requirements: string[]; file?: string; engine?: string } | null;
  /** Files that installing reads beside it, as far as it declares only. */
  reads: string[];
  /** Why nobody can tell what it reads but Bundler itself; null: it only declares. */
  more: string | null;
}

/** @param name the name of the file, for the reason */
export function readGemfile(text: string, name: string): Gemfile {
  const result: Gemfile = { gems: [], ruby: null, reads: [], more: null };
  const state: State = { result, blocks: [] };
  try {
    for (const statement of statementsOf(withoutGitSources(text))) readStatement(statement, state);
    return result;
  } catch (error) {
    if (!(error instanceof NotDeclarative)) throw error;
    // What stands there in the usual form is still worth something.
    const [declared] = [
      ...text.matchAll(/^ruby\s*\(?\s*["']([^"'\n]{1,100})["']\s*\)?\s*(?:#.*)?$/gm),
    ];
    return {
      gems: usualGems(text),
      ruby: declared ? { line: lineAt(text, declared.index), requirements: [declared[1]!] } : null,
      reads: [],
      more: `${name} reads other files, or does more than name gems (line ${error.line})`,
    };
  }
}

/** The gems of a Gemfile that are not only for development and tests. */
export function gemsOfApp({ gems }: Gemfile): DeclaredGem[] {
  return gems.filter(
    ({ groups }) => groups.length === 0 || groups.some((group) => !LEFT_OUT.includes(group)),
  );
}

/** Groups that are not installed. */
export const LEFT_OUT: readonly string[] = ["development", "test"];

// --- internal ---

interface State {
  result: Gemfile;
  blocks: { groups: string[]; isConditional: boolean }[];
}

/** The form that `bundle init` and Rails write: what an address is made of. */
function withoutGitSources(text: string): string {
  const body = String.raw`\s*\{\s*\|\w+\|\s*"[\w:/.#{}@?-]*"\s*\}`;
  const long = String.raw`\s+do\s*\|(\w+)\|\s*(?:\1 = "[\w/#{}]*" unless \1\.include\?\("/"\)\s*)?"[\w:/.#{}@?-]*"\s*end`;
  const source = new RegExp(String.raw`^git_source\(:\w+\)(?:${body}|${long})`, "gm");
  return text.replace(source, (found) => found.replace(/[^\n]/g, " "));
}

function readStatement({ line, tokens }: Statement, state: State): void {
  const { result, blocks } = state;
  const [first, ...others] = tokens;
  const opens = tokens.at(-1)?.kind === "word" && tokens.at(-1)?.value === "do";
  const words = opens ? others.slice(0, -1) : others;
  if (first?.kind !== "word") throw new NotDeclarative(line);
  switch (first.value) {
    case "source":
      if (opens) blocks.push({ groups: [], isConditional: false });
      demand(line, texts(words).length === 1);
      return;
    case "group":
    case "platform":
    case "platforms":
    case "env":
      demand(line, opens);
      blocks.push({
        groups: first.value === "group" ? names(words) : [],
        isConditional: false,
      });
      return;
    case "end":
      demand(line, blocks.pop() !== undefined && words.length === 0);
      return;
    case "if":
    case "unless":
      blocks.push({ groups: [], isConditional: true });
      demandCondition(line, words);
      return;
    case "elsif":
    case "else":
      demandCondition(line, words);
      return;
    case "gem":
      result.gems.push(readGem(line, words, blocks));
      return;
    case "ruby":
      demand(line, result.ruby === null);
      result.ruby = readRuby(line, words, result);
      return;
    default:
      throw new NotDeclarative(line);
  }
}

/** `gem "name", "~> 1.0", group: :test, require: false if RUBY_VERSION >= "3"` */
function readGem(line: number, all: Token[], blocks: State["blocks"]): DeclaredGem {
  const tokens = withoutCondition(line, withoutBrackets(all));
  const [name, ...others] = tokens;
  demand(line, name?.kind === "text" && /^[\w.-]{1,200}$/.test(name.value));
  const options = optionsOf(line, others);
  const { positional, named } = options;
  if ("path" in named) throw new NotDeclarative(line);
  return {
    name: name!.value,
    requirements: positional,
    groups: [
      ...blocks.flatMap(({ groups }) => groups),
      ...(named.group ?? []),
      ...(named.groups ?? []),
    ],
    isConditional:
      tokens.length < withoutBrackets(all).length || blocks.some((one) => one.isConditional),
    isElsewhere: ["git", "github", "gitlab", "bitbucket", "gist"].some((key) => key in named),
  };
}

function readRuby(line: number, all: Token[], result: Gemfile): NonNullable<Gemfile["ruby"]> {
  const { positional, named } = optionsOf(line, withoutBrackets(all), true);
  const [file] = named.file ?? [];
  if (file !== undefined) {
    demand(line, /^[\w.][\w./-]*$/.test(file) && !file.split("/").includes(".."));
    result.reads.push(file);
  }
  const [engine] = named.engine ?? [];
  return {
    ...{ line, requirements: positional },
    ...(file === undefined ? {} : { file }),
    ...(engine === undefined ? {} : { engine }),
  };
}

interface Options {
  positional: string[];
  named: Record<string, string[]>;
}

/** Texts first, then keys with literal values: `a: :b`, `:a => "b"`, `a: [:b, :c]`. */
function optionsOf(line: number, tokens: Token[], isFirst = false): Options {
  const named: Record<string, string[]> = {};
  const positional: string[] = [];
  let key: string | null = null;
  let isArrow = false;
  for (const [index, { kind, value }] of tokens.entries()) {
    const next = tokens[index + 1];
    if (kind === "sign") {
      demand(line, [",", "[", "]", "=>", "{", "}"].includes(value));
      isArrow = value === "=>";
    } else if (kind === "key" || (next?.kind === "sign" && next.value === "=>" && !isArrow)) {
      key = value;
      named[key] = [];
    } else {
      const isLiteral = kind !== "word" || ["true", "false", "nil"].includes(value);
      demand(line, isLiteral && (index > 0 || isFirst || tokens[0]?.kind === "sign"));
      const values = kind === "list" ? value.slice(1, -1).trim().split(/\s+/) : [value];
      if (key === null) positional.push(...values);
      else named[key]!.push(...values);
      isArrow = false;
    }
  }
  return { positional, named };
}

function withoutBrackets(tokens: Token[]): Token[] {
  const isCall = tokens[0]?.kind === "sign" && tokens[0].value === "(";
  if (!isCall) return tokens;
  const close = tokens.findLastIndex(({ kind, value }) => kind === "sign" && value === ")");
  return [...tokens.slice(1, close), ...tokens.slice(close + 1)];
}

function withoutCondition(line: number, tokens: Token[]): Token[] {
  const at = tokens.findIndex(
    ({ kind, value }) => kind === "word" && (value === "if" || value === "unless"),
  );
  if (at < 0) return tokens;
  demandCondition(line, tokens.slice(at + 1));
  return tokens.slice(0, at);
}

/** What a condition may ask for: the environment and Ruby itself, and no file. */
const ASKED = new Set([
  ...["ENV", "RUBY_VERSION", "RUBY_PLATFORM", "RUBY_ENGINE", "Gem", "Version", "new", "fetch"],
  ...["key?", "has_key?", "nil?", "empty?", "to_s", "to_i", "to_f", "start_with?", "include?"],
  ...["match?", "win_platform?", "and", "or", "not", "defined?", "true", "false", "nil", "then"],
]);

function demandCondition(line: number, tokens: readonly Token[]): void {
  demand(
    line,
    tokens.every(({ kind, value }) => kind !== "word" || ASKED.has(value)),
  );
}

function demand(line: number, holds: boolean): void {
  if (!holds) throw new NotDeclarative(line);
}

function texts(tokens: readonly Token[]): string[] {
  return tokens.filter(({ kind }) => kind === "text" || kind === "symbol").map((one) => one.value);
}

/** Of a call `group :a, "b" do`, without its options. */
function names(tokens: readonly Token[]): string[] {
  const end = tokens.findIndex(({ kind }) => kind === "key");
  return texts(end < 0 ? tokens : tokens.slice(0, end));
}

function usualGems(text: string): DeclaredGem[] {
  return [...text.matchAll(/^[ \t]*gem\s*\(?\s*["']([\w.-]{1,200})["'](.*)$/gm)]
    .filter(([, , rest = ""]) => !/\bpath:|:path\s*=>/.test(rest))
    .map(([, name = ""]) => ({
      name,
      requirements: [],
      groups: [],
      isElsewhere: false,
      isConditional: false,
    }));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
