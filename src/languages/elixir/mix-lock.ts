/** Pure: mix.lock: which versions it has, and what builds each. Source: hexdocs.pm/mix, "mix deps". */
import { semver } from "../../lib/semver.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { MixDependency } from "./dependency-tuples.ts";
import { isMark, listIn, type Range } from "./keywords.ts";
import { mixError, readTokens } from "./mix-file.ts";
import { semverRange } from "./requirement.ts";
import type { Token } from "./tokens.ts";

export const MIX_LOCK = "mix.lock";

export interface LockedPackage {
  from: "hex" | "git" | "path";
  /** Of one from Hex. */
  version: string | null;
  /** What builds it: mix, rebar3, make. */
  managers: string[];
  line: number;
}

export type MixLock = ReadonlyMap<string, LockedPackage>;

/**
 * Undefined where there is none.
 * @throws NuaError (input) for one that is none, or with marks that git has left
 */
export function readMixLock(tree: SourceTree): MixLock | undefined {
  const text = tree.text(MIX_LOCK);
  if (text === undefined) return undefined;
  const hint = "resolve the conflict, or run mix deps.get";
  const tokens = readTokens(text, MIX_LOCK, hint);
  // One that holds nothing may be empty.
  if (tokens.length === 0) return new Map();
  const isMap = isMark(tokens[0], "%") && isMark(tokens[1], "{") && tokens[1]!.end !== undefined;
  if (!isMap) {
    const { line } = tokens[0]!;
    throw mixError(MIX_LOCK, "it is no lock of Mix's", { line, hint: "run mix deps.get" });
  }
  return new Map(entriesOf(tokens, { start: 2, end: tokens[1]!.end! }));
}

/** What a dependency of the app's wants and the lock has not; null where it has it. */
export function lackingIn(lock: MixLock, wanted: MixDependency): string | null {
  if (wanted.path !== null || wanted.isOfUmbrella) return null;
  const found = lock.get(wanted.name) ?? lock.get(wanted.package);
  const title = [wanted.name, wanted.requirement ?? ""].join(" ").trim();
  if (found === undefined) return title;
  if ((found.from === "git") !== wanted.isGit) return title;
  if (found.version === null || wanted.requirement === null) return null;
  const range = semverRange(wanted.requirement);
  if (range === null) return null;
  const fits = semver.satisfies(found.version, range, { includePrerelease: true });
  return fits ? null : `${title} (it has ${found.version})`;
}

// --- internal ---

function entriesOf(tokens: readonly Token[], inside: Range): [string, LockedPackage][] {
  const found: [string, LockedPackage][] = [];
  for (let at = inside.start; at < inside.end; at += 1) {
    const name = tokens[at]!;
    const isName = name.kind === "key" || name.kind === "string";
    // `"name": {…}`, and as older ones have it, `"name" => {…}`.
    const open = name.kind === "key" ? at + 1 : at + 3;
    const close = tokens[open]?.end;
    if (!isName || !isMark(tokens[open], "{") || close === undefined) continue;
    const one = lockedPackage(tokens, { start: open + 1, end: close });
    if (one !== null) found.push([name.text, one]);
    at = close;
  }
  return found;
}

/** `{:hex, :plug, "1.15.3", "HASH", [:mix], [DEPENDENCIES], "hexpm", "HASH"}` */
function lockedPackage(tokens: readonly Token[], inside: Range): LockedPackage | null {
  const [kind, , , , version] = tokens.slice(inside.start, inside.end);
  if (kind?.kind !== "atom") return null;
  const { line, text: from } = kind;
  if (from !== "hex" && from !== "git" && from !== "path") return null;
  if (from !== "hex") return { from, version: null, managers: [], line };
  const list = listIn(tokens, inside);
  const managers = list === null ? [] : tokens.slice(list.start, list.end);
  return {
    ...{ from, line },
    version: version?.kind === "string" ? version.text : null,
    managers: managers.flatMap(({ kind: one, text }) => (one === "atom" ? [text] : [])),
  };
}
