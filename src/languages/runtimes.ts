/** The runtimes of all languages, and which ones `build.builder` names. */
import { closest } from "../lib/closest.ts";
import { compareVersions } from "../lib/version-order.ts";
import { LANGUAGES } from "./languages.ts";
import type { ChosenRuntime, Runtime, RuntimeVersion, VersionRules } from "./runtime.ts";

export const RUNTIMES: readonly Runtime[] = LANGUAGES.flatMap(({ runtime, otherRuntimes = [] }) => [
  ...(runtime === undefined ? [] : [runtime]),
  ...otherRuntimes,
]);

/** Where none is named: what every image has. */
export const DEFAULT_RUNTIME: ChosenRuntime = {
  language: RUNTIMES.find(({ everywhere }) => everywhere === true)!.language,
};

/** A runtime that `build.builder` names. */
export interface NamedRuntime {
  language: string;
  /** One with a name of its own, as names of base images have it. */
  version?: string;
  /** Otherwise the versions that will do; absent: any. */
  range?: string;
}

/** A runtime that there is not. */
export class UnknownRuntime extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** @throws Error where there is none of that language */
export function runtimeOf(language: string): Runtime {
  const found = RUNTIMES.find((runtime) => runtime.language === language);
  if (found !== undefined) return found;
  throw new Error(`there is no runtime "${language}"`);
}

/** The version with that name in names of base images, where it has names of its own. */
export function namedVersion({ versions }: Runtime, version: string): RuntimeVersion | undefined {
  return versions.find((one) => one.version === version);
}

/**
 * @param builder build.builder: a name, `{name, version}`, or a list of either; of two of the same
 *   language the first counts
 * @returns nothing where none is named
 * @throws UnknownRuntime for one that there is not
 */
export function parseBuilder(builder: unknown): NamedRuntime[] {
  if (builder === undefined || builder === null || builder === "") return [];
  const all = Array.isArray(builder) ? builder.flatMap(parseBuilder) : [parseName(builder)];
  return all.filter(
    ({ language }, index) => all.findIndex((one) => one.language === language) === index,
  );
}

// --- internal ---

/** Every name of a version that has names of its own. */
const NAMES: ReadonlyMap<string, NamedRuntime> = new Map(
  RUNTIMES.flatMap(({ language, versions }) =>
    versions.flatMap(({ version, names }) => {
      const named = version === "" ? { language } : { language, version };
      return names.map((name): [string, NamedRuntime] => [name, named]);
    }),
  ),
);

function parseName(builder: unknown): NamedRuntime {
  const { name, version } = partsOf(builder);
  const whole = version === undefined ? name : `${name}-${version}`;
  const found = NAMES.get(whole) ?? parseAny(name, version);
  if (found) return found;
  const guess = closest(whole, [...NAMES.keys()]);
  const known = RUNTIMES.flatMap(({ base, versions }) => (base === undefined ? [] : versions));
  const examples = known.flatMap(({ names }) => names[0] ?? []).join(", ");
  throw new UnknownRuntime(
    `"${whole}" is not a builder`,
    guess === undefined ? `use one of ${examples}, or another version` : `did you mean "${guess}"?`,
  );
}

/** As a version of its own: "node-20.11", "node", `{name: "node", version: ">=20"}`. */
function parseAny(name: string, version: string | undefined): NamedRuntime | undefined {
  for (const { language, rules } of RUNTIMES) {
    if (rules === undefined) continue;
    const prefix = longestFirst(rules.prefixes).find((one) =>
      version === undefined ? name.startsWith(one) : name === one,
    );
    if (prefix === undefined) continue;
    const rest = version ?? name.slice(prefix.length).replace(/^[-_]/, "");
    if (rest === "") return { language };
    const isPlain = /^\d{1,4}(\.\d{1,4}){0,2}$/.test(rest);
    if (isPlain && !isInstalled(rest, rules)) continue;
    if (isPlain || (isWord(name, prefix, rest) && rules.parse(rest) !== null)) {
      return { language, range: rest };
    }
  }
  return undefined;
}

/** Whether any version that begins so may be. */
function isInstalled(version: string, { oldest }: VersionRules): boolean {
  const parts = version.split(".");
  return compareVersions(version, oldest.split(".").slice(0, parts.length).join(".")) >= 0;
}

/** What is no number is apart from the name. */
function isWord(name: string, prefix: string, rest: string): boolean {
  return name === prefix || name === `${prefix}-${rest}`;
}

function longestFirst(words: readonly string[]): string[] {
  return [...words].sort((one, other) => other.length - one.length);
}

function partsOf(builder: unknown): { name: string; version: string | undefined } {
  if (typeof builder !== "object") return { name: String(builder), version: undefined };
  const { name, version } = builder as { name?: unknown; version?: unknown };
  return {
    name: String(name ?? ""),
    version: version === undefined || version === null ? undefined : String(version),
  };
}
