/** Pure: which version of a runtime is taken: the newest that fits, by the name of its base image. */
import type { Runtime, VersionRules } from "../languages/runtime.ts";
import { formatOrigin } from "../protocol/planned-action.ts";
import { distributionVersion, type LinuxChoice } from "./choose-linux.ts";
import type { Wish } from "./runtime-wishes.ts";
import { noRange, shorten, unavailable } from "./unavailable-version.ts";

export interface ChosenVersion {
  /** As names of base images have it; undefined: what every image upon that Linux base has. */
  version?: string | undefined;
  /** Where that is undefined. */
  exact?: string;
  /** What there is to say of it beside who asks. */
  note?: string;
  /** Where it is another one than was asked for: what is told on each build. */
  warning?: string;
  /** What is asked for beside the first range, and that no version suits as well. */
  ignored?: Wish["ranges"];
}

/** A version that the engine has a base image of. */
export interface HeldVersion {
  /** As the image's name has it. */
  version: string;
  exact: string;
}

export interface VersionOptions {
  linux: LinuxChoice;
  /** The versions that there are; undefined: nobody has looked. */
  list: readonly string[] | undefined;
  /** Where there is no list: what the engine has. */
  held?: readonly HeldVersion[] | undefined;
}

/** @throws UnavailableVersion where there is none that fits */
export function chooseVersion(
  runtime: Runtime,
  wish: Wish,
  options: VersionOptions,
): ChosenVersion {
  const list = options.list ?? runtime.rules?.installable;
  const { allows, ignored } = readRanges(runtime, wish, list);
  return { ...chooseFitting(runtime, { wish, allows }, { ...options, list }), ignored };
}

/** Whether it can not be chosen as well without a list: no version that may be in one would be newer. */
export function needsList(runtime: Runtime, wish: Wish): boolean {
  const { rules, base } = runtime;
  if (rules?.list === undefined || base === undefined || wish.version !== undefined) return false;
  const { allows } = readRanges(runtime, wish, undefined);
  const at = rules.known.findIndex((series) => isWhole(series, allows, []));
  if (at < 0) return true;
  const newer = [...rules.known.slice(0, at), ...comingSeries(rules.known[0]!)];
  return newer.some((series) => allows(fill(series, 0)) || allows(fill(series, HIGHEST)));
}

// --- internal ---

type Allows = (version: string) => boolean;

function chooseFitting(
  runtime: Runtime,
  { wish, allows }: { wish: Wish; allows: Allows },
  options: VersionOptions,
): ChosenVersion {
  const { linux, list, held } = options;
  const rules = runtime.rules!;
  const packaged = distributionVersion(runtime, allows, linux.is);
  if (runtime.everywhere === true) {
    // Nobody asks, or nobody knows what it has.
    const isAny = wish.ranges.length === 0;
    if (isAny || packaged !== undefined) return packaged === undefined ? {} : { exact: packaged };
    if (runtime.base === undefined && linux.is === undefined) return {};
  } else if (packaged !== undefined && rules.prefersDistribution) {
    return { version: widest(packaged, allows, { rules, list }), note: "the Linux base has it" };
  }
  // Of a Linux base that is not known, nobody knows what it has.
  const isLacking = runtime.packaged === "only" && linux.is !== undefined;
  if (runtime.base === undefined || isLacking) throw unavailable(runtime, wish, options);
  const found =
    list === undefined
      ? (newestHeld(held ?? [], allows, rules) ??
        (held === undefined ? undefined : inPlaceOf(runtime, wish, linux)) ??
        withoutList(rules, allows, wish))
      : withList(list, allows, rules);
  if (found === undefined) throw unavailable(runtime, wish, options);
  return found;
}

/** All of them where some version fits all, else the first. */
function readRanges(
  runtime: Runtime,
  wish: Wish,
  list: readonly string[] | undefined,
): { allows: Allows; ignored: Wish["ranges"] } {
  const rules = runtime.rules!;
  const texts = wish.ranges.length > 0 ? wish.ranges.map(({ range }) => range) : [rules.usual];
  const tests = texts.map((text) => rules.parse(text));
  const at = tests.indexOf(null);
  if (at >= 0) throw noRange(runtime, wish, at);
  const all = tests as Allows[];
  const allowsAll: Allows = (version) => all.every((allows) => allows(version));
  const there = list ?? [
    ...rules.known.map((series) => fill(series, HIGHEST)),
    ...Object.values(runtime.distribution ?? {}).flat(),
  ];
  return there.some(allowsAll)
    ? { allows: allowsAll, ignored: [] }
    : { allows: all[0]!, ignored: wish.ranges.slice(1) };
}

/** The widest series of that version whose members all fit; else the version itself. */
function widest(
  version: string,
  allows: Allows,
  { rules, list = [] }: { rules: VersionRules; list?: readonly string[] | undefined },
): string {
  const parts = version.split(".");
  const series = rules.series
    .filter((count) => count < parts.length)
    .map((count) => parts.slice(0, count).join("."));
  return series.find((one) => isWhole(one, allows, list)) ?? version;
}

/** Those that there are, and those that may come. */
function isWhole(series: string, allows: Allows, list: readonly string[]): boolean {
  const members = list.filter((version) => version.startsWith(`${series}.`));
  return [fill(series, 0), fill(series, HIGHEST), ...members].every(allows);
}

/** More than any part of a version is. */
const HIGHEST = 9999;

function fill(series: string, part: number): string {
  const parts = series.split(".");
  while (parts.length < 3) parts.push(String(part));
  return parts.join(".");
}

function withList(
  list: readonly string[],
  allows: Allows,
  rules: VersionRules,
): ChosenVersion | undefined {
  const fitting = list.filter((one) => allows(one) && rules.compare(one, rules.oldest) >= 0);
  const newest = fitting.toSorted(rules.compare).at(-1);
  return newest === undefined ? undefined : { version: widest(newest, allows, { rules, list }) };
}

function newestHeld(
  held: readonly HeldVersion[],
  allows: Allows,
  rules: VersionRules,
): ChosenVersion | undefined {
  const fitting = held.filter(({ exact }) => allows(exact));
  const newest = fitting.toSorted((a, b) => rules.compare(a.exact, b.exact)).at(-1);
  return newest && { version: newest.version, note: "the newest that the engine has" };
}

/** What the Linux base has and will do as well, for want of anybody to ask; a person's own choice holds. */
function inPlaceOf(runtime: Runtime, wish: Wish, linux: LinuxChoice): ChosenVersion | undefined {
  const [first] = wish.ranges;
  if (first === undefined || wish.isNamed) return undefined;
  const rules = runtime.rules!;
  const allows = rules.instead?.(first.range);
  const version = allows && distributionVersion(runtime, allows, linux.is);
  if (!version) return undefined;
  const asked = `${formatOrigin(first.from)} asks for ${runtime.language} "${shorten(first.range)}"`;
  return {
    version: widest(version, allows, { rules }),
    note: "the Linux base has it",
    warning: `${asked}, and nobody can be asked for it: the ${version} of the Linux base is taken`,
  };
}

/** Those that may come after the newest one that is known. */
function comingSeries(newest: string): string[] {
  const parts = newest.split(".").map(Number);
  const last = parts.at(-1)!;
  const steps = Array.from({ length: 60 }, (_, index) => index);
  const next = steps.map((step) => [...parts.slice(0, -1), last + step + 1].join("."));
  const later = parts.length === 1 ? [] : steps.map((step) => `${parts[0]! + 1}.${step}`);
  return [...next, ...later, `${HIGHEST}`];
}

/** What can be said where nobody has looked which versions there are. */
function withoutList(rules: VersionRules, allows: Allows, wish: Wish): ChosenVersion | undefined {
  const [exact] = /(?<![\d.])\d+\.\d+\.\d+(?![\d.])/.exec(wish.ranges[0]?.range ?? "") ?? [];
  const whole = rules.known.find((series) => isWhole(series, allows, []));
  if (whole !== undefined) return { version: whole };
  if (exact !== undefined && allows(exact) && !allows(next(exact))) return { version: exact };
  const part = rules.known.find((series) => allows(fill(series, HIGHEST)));
  const version = part ?? named(wish, allows);
  return version === undefined ? undefined : { version, note: "which of them, the build will see" };
}

function next(version: string): string {
  const parts = version.split(".").map(Number);
  return [...parts.slice(0, -1), parts.at(-1)! + 1].join(".");
}

/** A version or series that is named in what is asked for, and that fits. */
function named({ ranges }: Wish, allows: Allows): string | undefined {
  const versions = (ranges[0]?.range ?? "").match(/(?<![\d.])\d{1,4}(?:\.\d{1,4}){0,2}(?![\d.])/g);
  return versions?.find((one) => allows(fill(one, 0)) || allows(fill(one, HIGHEST)));
}
