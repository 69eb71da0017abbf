/** Pure: what is wanted of each runtime, by `build.builder` and by an app's files. */
import type { RequestedRuntime } from "../languages/runtime.ts";
import { parseBuilder, runtimeOf } from "../languages/runtimes.ts";
import { formatOrigin, type Origin } from "../protocol/planned-action.ts";

export interface WishInput {
  /** What an app's files ask for; what is asked for first comes first. */
  requests: readonly RequestedRuntime[];
  /** build.builder: what it names counts, whatever the files ask for. */
  builder: unknown;
  builderFrom: Origin;
}

/** What is wanted of one runtime. */
export interface Wish {
  language: string;
  use: "build" | "run";
  /** One with a name of its own, as names of base images have it. */
  version?: string;
  /** All of them are to fit; the first counts where they cannot. */
  ranges: { range: string; accepts?: string; from: Origin }[];
  /** Who asks for it, whatever the version. */
  from: Origin;
  /** Whether the configuration names it. */
  isNamed: boolean;
}

export function collectWishes(input: WishInput): { wishes: Wish[]; warnings: string[] } {
  const { requests, builderFrom } = input;
  const named = parseBuilder(input.builder);
  const warnings: string[] = [];
  const fromFiles = mergeRequests(requests);
  if (named.length === 0) return { wishes: withBuilders(fromFiles), warnings };
  const isBuilder = (one?: string) => named.some(({ language }) => language === one);
  // What is named to build with does not stand for what runs what it has built.
  const others = fromFiles.filter(
    ({ language }) =>
      !hasNames(language) || (isBuilder(runtimeOf(language).buildsWith) && !isBuilder(language)),
  );
  // What is served by something that stands alone is only built with the rest.
  const isApart = others.some(({ language, use }) => use === "run" && standsAlone(language));
  const wishes = named.map(({ language, version, range }): Wish => {
    const asked = fromFiles.find((one) => one.language === language);
    const isFree = version === undefined && range === undefined;
    const ignored = isFree ? undefined : asked?.ranges[0];
    const has = range ?? exactOf(language, version);
    if (
      ignored !== undefined &&
      has !== undefined &&
      !isWithin(language, has, ignored.accepts ?? ignored.range)
    ) {
      const said = `build.builder has ${language} ${has}`;
      warnings.push(
        `${formatOrigin(ignored.from)} asks for ${language} "${ignored.range}"; ${said}`,
      );
    }
    return {
      ...{ language, use: isApart || runtimeOf(language).onlyBuilds ? "build" : "run" },
      ...{ from: builderFrom, isNamed: true },
      ...(version === undefined ? {} : { version }),
      ranges:
        range !== undefined ? [{ range, from: builderFrom }] : isFree ? (asked?.ranges ?? []) : [],
    };
  });
  return { wishes: withBuilders([...others, ...wishes]), warnings };
}

// --- internal ---

function mergeRequests(requests: readonly RequestedRuntime[]): Wish[] {
  const languages = [...new Set(requests.map(({ language }) => language))];
  return languages.map((language) => {
    const asked = requests.filter((one) => one.language === language);
    const ranges = asked.flatMap(({ range, accepts, from }) =>
      range === undefined ? [] : [{ range, ...(accepts === undefined ? {} : { accepts }), from }],
    );
    const use = asked.some((one) => one.use === "run") ? "run" : "build";
    return { language, use, ranges, from: asked[0]!.from, isNamed: false };
  });
}

/** With what they are built with, in the same version unless that is asked for itself. */
function withBuilders(wishes: readonly Wish[]): Wish[] {
  return wishes.flatMap((wish) => {
    const { buildsWith } = runtimeOf(wish.language);
    const isAsked = wishes.some(({ language }) => language === buildsWith);
    const builder = buildsWith &&
      !isAsked && { ...wish, language: buildsWith, use: "build" as const };
    return builder ? [wish, builder] : [wish];
  });
}

/** Whether `build.builder` could name it. */
function hasNames(language: string): boolean {
  const { versions, rules } = runtimeOf(language);
  return (rules?.prefixes.length ?? 0) > 0 || versions.some(({ names }) => names.length > 0);
}

function standsAlone(language: string): boolean {
  return runtimeOf(language).base?.parent === "linux";
}

/** What a name of a base image stands for. */
function exactOf(language: string, version: string | undefined): string | undefined {
  const named = runtimeOf(language).versions.find((one) => one.version === version);
  return named?.exact ?? version;
}

/** As far as a version of so few numbers tells. */
function isWithin(language: string, version: string, range: string): boolean {
  const { rules } = runtimeOf(language);
  const allows = rules?.parse(range);
  if (!/^\d+(\.\d+)*$/.test(version)) return true;
  const [low, high] = [".0", ".999999"].map((part) => fill(version, part));
  return allows?.(low!) === true || allows?.(high!) === true;
}

function fill(version: string, part: string): string {
  const missing = 3 - version.split(".").length;
  return version + part.repeat(Math.max(missing, 0));
}
