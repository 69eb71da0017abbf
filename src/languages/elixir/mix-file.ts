/** Pure: what a mix.exs says in its lists. Source: hexdocs.pm/mix, Mix.Project, "mix deps". */
import { NuaError } from "../../lib/errors.ts";
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";
import { type MixDependency, readDependencies } from "./dependency-tuples.ts";
import {
  bodiesOf,
  isMark,
  isWord,
  listIn,
  pairsOf,
  type Range,
  type Said,
  saidIn,
  valueRanges,
} from "./keywords.ts";
import { NoElixir, type Token, tokensOf } from "./tokens.ts";

export const MIX = "mix.exs";

export interface MixFile {
  /** Relative to the app's source. */
  file: string;
  /** "" is the top. */
  folder: string;
  app: Said | null;
  version: string | null;
  /** The versions of Elixir that it can be built with. */
  elixir: Said | null;
  description: string | null;
  homepage: string | null;
  licenses: string[];
  /** Of an umbrella: the folder with its apps. */
  appsPath: Said | null;
  dependencies: MixDependency[];
  releases: Said[];
  defaultRelease: string | null;
  /** Whether a release says what nodes know each other by. */
  hasCookie: boolean;
  /** Tasks that it has under names of its own: the lines that they stand for, as far as they are texts. */
  aliases: ReadonlyMap<string, string[]>;
  /** Files that are read while it is loaded, relative to its folder. */
  reads: string[];
  /** What it does that nobody knows without running it. */
  obstacle: { line: number; what: string } | null;
}

/**
 * Undefined where there is none.
 * @throws NuaError (input) for one that Elixir could not read
 */
export const readMixFile = oncePer((tree: SourceTree, folder: string): MixFile | undefined => {
  const file = folder === "" ? MIX : `${folder}/${MIX}`;
  const text = tree.text(file);
  if (text === undefined) return undefined;
  return parseMixFile(text, { file, folder });
});

/** @throws NuaError (input) */
export function mixError(
  file: string,
  problem: string,
  { line, hint }: { line: number; hint?: string },
): NuaError {
  return new NuaError("input", `Read "${file}": ${problem}`, {
    ...{ file, position: { line, column: 1 } },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** @throws NuaError (input) for brackets and quotes that nothing closes, and marks that git has left */
export function readTokens(text: string, file: string, hint?: string): Token[] {
  rejectConflict(file, text, hint);
  try {
    return tokensOf(text);
  } catch (error) {
    if (!(error instanceof NoElixir)) throw error;
    throw mixError(file, `not valid Elixir: ${error.message}`, { line: error.line });
  }
}

// --- internal ---

function parseMixFile(text: string, place: { file: string; folder: string }): MixFile {
  const tokens = readTokens(text, place.file);
  const bodies = bodiesOf(tokens, "project");
  const list = bodies.map((body) => listIn(tokens, body)).find((one) => one !== null);
  if (list === undefined) {
    throw mixError(place.file, "it has no function project with a list", {
      line: 1,
      hint: "write a module with use Mix.Project and def project",
    });
  }
  const project = pairsOf(tokens, list!);
  const said = (key: string) => {
    const range = project.get(key);
    return range === undefined ? null : saidIn(tokens, range);
  };
  const within = (key: string) => {
    const range = project.get(key);
    return range === undefined ? [] : valueRanges(tokens, range);
  };
  const packaged = pairsIn(tokens, within("package"));
  const homepage = said("source_url") ?? said("homepage_url");
  return {
    ...place,
    ...{ app: said("app"), version: said("version")?.value ?? null, elixir: said("elixir") },
    description: said("description")?.value ?? null,
    homepage: homepage?.value ?? null,
    licenses: stringsIn(tokens, packaged.get("licenses")),
    appsPath: said("apps_path"),
    // Some add to what their function says: all functions with such a name count.
    dependencies: readDependencies(tokens, [
      ...within("deps"),
      ...bodiesOf(tokens, /dep(?:s|endenc)/),
    ]),
    releases: releasesIn(tokens, within("releases")),
    defaultRelease: said("default_release")?.value ?? null,
    hasCookie: tokens.some(({ kind, text: word }) => kind === "key" && word === "cookie"),
    aliases: aliasesIn(tokens, within("aliases")),
    ...readsOf(tokens),
  };
}

function pairsIn(tokens: readonly Token[], ranges: readonly Range[]): Map<string, Range> {
  const lists = ranges.flatMap((range) => listIn(tokens, range) ?? []);
  return new Map(lists.flatMap((list) => [...pairsOf(tokens, list)]));
}

function releasesIn(tokens: readonly Token[], ranges: readonly Range[]): Said[] {
  return [...pairsIn(tokens, ranges)].map(([value, { start }]) => ({
    value,
    line: tokens[Math.max(0, start - 1)]!.line,
  }));
}

/** `setup: ["deps.get", "ecto.setup"]`, `test: "test --trace"` */
function aliasesIn(tokens: readonly Token[], ranges: readonly Range[]): Map<string, string[]> {
  const pairs = [...pairsIn(tokens, ranges)];
  return new Map(pairs.map(([name, range]) => [name, stringsIn(tokens, range)]));
}

function stringsIn(tokens: readonly Token[], range: Range | undefined): string[] {
  if (range === undefined) return [];
  return tokens
    .slice(range.start, range.end)
    .flatMap(({ kind, text, isDynamic }) => (kind === "string" && !isDynamic ? [text] : []));
}

/** What runs or reads something else, wherever it stands: nobody knows what is called when. */
const ELSEWHERE = ["File", "Path", "Code", "System"];

/** Those that change nothing, and look at nothing of the app's folder. */
const HARMLESS =
  /^(?:System\.(?:get_env|fetch_env!?|put_env|version|otp_release|schedulers\w*|system_time|os_time|unique_integer|build_info|halt|at_exit)|Path\.(?:join|expand|dirname|basename|extname|rootname|relative\w*|split|type|absname)|Code\.(?:ensure_\w+|put_compiler_option|compiler_options|loaded\?|prepend_path|available_compiler_options))$/;

/** `File.read!("VERSION")` */
const READS =
  /^File\.(?:read!?|exists\?|regular\?|stream!)$|^Code\.(?:require_file|eval_file|compile_file)$/;

function readsOf(tokens: readonly Token[]): Pick<MixFile, "reads" | "obstacle"> {
  const reads: string[] = [];
  let obstacle: MixFile["obstacle"] = null;
  for (const [at, token] of tokens.entries()) {
    if (!ELSEWHERE.some((name) => isWord(token, name)) || !isMark(tokens[at + 1], ".")) continue;
    const called = `${token.text}.${tokens[at + 2]?.text ?? ""}`;
    if (HARMLESS.test(called)) continue;
    const name = fileAfter(tokens, at + 3);
    if (READS.test(called) && name !== null) reads.push(name);
    else obstacle ??= { line: token.line, what: called };
  }
  return { reads, obstacle };
}

/** A text that is all that a function gets, or the first of it. */
function fileAfter(tokens: readonly Token[], at: number): string | null {
  const name = tokens[at + 1];
  const isCall = isMark(tokens[at], "(") && name?.kind === "string" && !name.isDynamic;
  return isCall && (isMark(tokens[at + 2], ")") || isMark(tokens[at + 2], ",")) ? name.text : null;
}
