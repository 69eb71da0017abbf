/** Pure: what a mix.exs says of each dependency: `{:plug, "~> 1.15", only: :prod}`. */
import { isMark, pairsOf, type Range, saidIn } from "./keywords.ts";
import type { Token } from "./tokens.ts";

export interface MixDependency {
  name: string;
  /** As Hex has it, where that is another. */
  package: string;
  /** The versions that will do, as far as they are written down. */
  requirement: string | null;
  /** A folder, relative to that of the file. */
  path: string | null;
  /** Whether it is another app of the same umbrella. */
  isOfUmbrella: boolean;
  /** Whether it is a repository of git's. */
  isGit: boolean;
  /** Another registry than the public one, or an organization's part of that. */
  repository: string | null;
  /** Whether it is there in production. */
  isForProduction: boolean;
  isOptional: boolean;
  line: number;
}

/** An app is not trusted: what is beyond is not looked at. */
const MOST_DEPENDENCIES = 2000;

/** In the order in which they stand there, each name once. */
export function readDependencies(
  tokens: readonly Token[],
  ranges: readonly Range[],
): MixDependency[] {
  const found = new Map<string, MixDependency>();
  for (const { start, end } of ranges) {
    for (let at = start; at < end && found.size < MOST_DEPENDENCIES; at += 1) {
      const close = tokens[at]!.end;
      if (!isMark(tokens[at], "{") || close === undefined) continue;
      const one = readTuple(tokens, { start: at + 1, end: close });
      if (one !== null && !found.has(one.name)) found.set(one.name, one);
      if (one !== null) at = close;
    }
  }
  return [...found.values()];
}

// --- internal ---

const OPTIONS = new Set([
  ...["git", "github", "path", "in_umbrella", "hex", "only", "runtime", "optional", "override"],
  ...[
    "organization",
    "repo",
    "targets",
    "app",
    "compile",
    "manager",
    "env",
    "tag",
    "branch",
    "ref",
  ],
]);

/** Null for a tuple of anything else. */
function readTuple(tokens: readonly Token[], inside: Range): MixDependency | null {
  const [name, comma, second] = tokens.slice(inside.start, inside.end);
  if (name?.kind !== "atom" || !isMark(comma, ",") || second === undefined) return null;
  if (!/^[a-z]\w*$/.test(name.text)) return null;
  const options = optionsOf(tokens, { start: inside.start + 2, end: inside.end });
  const isText = second.kind === "string";
  if (!isText && ![...options.keys()].some((key) => OPTIONS.has(key))) return null;
  const said = (key: string) => {
    const range = options.get(key);
    return range === undefined ? null : (saidIn(tokens, range)?.value ?? null);
  };
  const is = (key: string) => {
    const range = options.get(key);
    return range !== undefined && tokens[range.start]?.text === "true";
  };
  return {
    ...{ name: name.text, line: name.line, package: said("hex") ?? name.text },
    requirement: isText && !second.isDynamic ? second.text : null,
    path: said("path"),
    isOfUmbrella: is("in_umbrella"),
    isGit: options.has("git") || options.has("github"),
    repository: said("organization") ?? said("repo"),
    isForProduction: isForProduction(tokens, options.get("only")),
    isOptional: is("optional"),
  };
}

/** Those behind a comma, be they in brackets or not. */
function optionsOf(tokens: readonly Token[], inside: Range): Map<string, Range> {
  const all = pairsOf(tokens, inside);
  for (let at = inside.start; at < inside.end; at += 1) {
    const { end } = tokens[at]!;
    if (end === undefined) continue;
    if (isMark(tokens[at], "[") && !isValue(tokens, at)) {
      for (const [name, range] of pairsOf(tokens, { start: at + 1, end })) all.set(name, range);
    }
    at = end;
  }
  return all;
}

function isValue(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.kind === "key";
}

/** `only: :dev`, `only: [:dev, :test]` */
function isForProduction(tokens: readonly Token[], range: Range | undefined): boolean {
  if (range === undefined) return true;
  const names = tokens.slice(range.start, range.end).filter(({ kind }) => kind === "atom");
  return names.length === 0 || names.some(({ text }) => text === "prod");
}
