/** Pure: which Linux base an app stands upon: the configured one, or the first that has what it asks for. */
import type { Runtime, RuntimeDecision } from "../languages/runtime.ts";
import { runtimeOf } from "../languages/runtimes.ts";
import { formatOrigin, type Origin } from "../protocol/planned-action.ts";
import { knownLinux } from "./linux-bases.ts";
import type { Wish } from "./runtime-wishes.ts";

export interface LinuxOptions {
  /** The setting linux-base. */
  configured: string;
  /** What that turned out to be, by the names that runtimes know; undefined: nobody has looked. */
  configuredIs?: string | undefined;
  /** Others that may be taken in its place, the first that will do. */
  others: readonly string[];
  /** One that the app's configuration names: no other is taken. */
  fixed?: { name: string; from: Origin } | undefined;
  /** Those that cannot be had, with the reason. */
  refused: Readonly<Record<string, string>>;
}

export interface LinuxChoice {
  /** By its reference, or as a setting names it. */
  name: string;
  /** By the name that runtimes know; undefined where it is not known. */
  is: string | undefined;
  /** Its name where it is not the configured one; else null. */
  other: string | null;
  decisions: RuntimeDecision[];
}

export function chooseLinux(wishes: readonly Wish[], options: LinuxOptions): LinuxChoice {
  const { configured, others, fixed, refused } = options;
  const pinned = wishes.filter(({ language, ranges }) => {
    const { everywhere, packaged } = runtimeOf(language);
    return (everywhere === true || packaged !== undefined) && ranges.length > 0;
  });
  const first = pinned.filter(({ language }) => runtimeOf(language).everywhere === true);
  const isKnown = (name: string) => describe(name, options);
  if (fixed !== undefined) {
    const { name, from } = fixed;
    const what = `Linux base ${name}`;
    const other = name === configured ? null : name;
    const decisions = [{ what, because: formatOrigin(from), from }];
    return { name, is: isKnown(name), other, decisions };
  }
  const choices = [configured, ...others.filter((name) => refused[name] === undefined)];
  const found = [pinned, first]
    .map((all) => choices.find((name) => all.every((wish) => hasPackages(wish, isKnown(name)))))
    .find((one) => one !== undefined);
  const name = found ?? configured;
  const is = isKnown(name);
  if (name === configured) return { name, is, other: null, decisions: [] };
  return {
    name,
    is,
    other: name,
    decisions: [explain(name, pinned, isKnown(configured), options)],
  };
}

/** The version that a Linux base has packages of, where it will do. */
export function distributionVersion(
  { distribution }: Runtime,
  allows: (version: string) => boolean,
  linux: string | undefined,
): string | undefined {
  return [distribution?.[linux ?? ""] ?? []].flat().find(allows);
}

/** Whether all that is asked for is the version of that Linux base. */
export function hasPackages({ language, ranges }: Wish, linux: string | undefined): boolean {
  const runtime = runtimeOf(language);
  return ranges.every(({ range }) => {
    const allows = runtime.rules?.parse(range);
    return allows ? distributionVersion(runtime, allows, linux) !== undefined : true;
  });
}

// --- internal ---

function describe(name: string, { configured, configuredIs }: LinuxOptions): string | undefined {
  return (name === configured ? configuredIs : undefined) ?? knownLinux(name)?.name;
}

function explain(
  name: string,
  pinned: readonly Wish[],
  configuredIs: string | undefined,
  { configured, refused }: LinuxOptions,
): RuntimeDecision {
  const asked = pinned.find((wish) => !hasPackages(wish, configuredIs)) ?? pinned[0]!;
  const { language, ranges } = asked;
  const lacking = ranges.find((one) => !hasPackages({ ...asked, ranges: [one] }, configuredIs));
  const { range, from } = lacking ?? ranges[0]!;
  const packaged = runtimeOf(language).distribution?.[configuredIs ?? ""];
  const there = packaged && [packaged].flat().join(", ");
  const turned = configuredIs === undefined || configuredIs === knownLinux(configured)?.name;
  const has = `${turned ? configured : configuredIs} has ${there ?? "another"}`;
  const why = [`${formatOrigin(from)} asks for ${language} "${range}", and ${has}`];
  const cannot = Object.entries(refused).map(
    ([other, reason]) => `${other} cannot be had: ${reason}`,
  );
  return { what: `Linux base ${name}`, because: [...why, ...cannot].join("; "), from };
}
