/** Versions that cannot be had: the error, with those that can. Pure. */
import type { Runtime } from "../languages/runtime.ts";
import { nearestVersions } from "../lib/version-order.ts";
import { formatOrigin, type Origin } from "../protocol/planned-action.ts";
import type { LinuxChoice } from "./choose-linux.ts";
import type { Wish } from "./runtime-wishes.ts";

/** A version that is asked for, and that there is not. */
export class UnavailableVersion extends Error {
  readonly from: Origin;
  readonly hint: string;
  /** Whether the configuration itself asks for it. */
  readonly isNamed: boolean;

  constructor(message: string, parts: { from: Origin; hint: string; isNamed: boolean }) {
    super(message);
    this.from = parts.from;
    this.hint = parts.hint;
    this.isNamed = parts.isNamed;
  }
}

export function noRange(
  { language }: Runtime,
  { ranges, isNamed }: Wish,
  at: number,
): UnavailableVersion {
  const { range, from } = ranges[at]!;
  const said = `${formatOrigin(from)}: "${shorten(range)}" is no version of ${language}`;
  return new UnavailableVersion(said, {
    from,
    isNamed,
    hint: "write a version, or a range of versions",
  });
}

export function unavailable(
  runtime: Runtime,
  { ranges, from: asker, isNamed }: Wish,
  { linux, list }: { linux: LinuxChoice; list: readonly string[] | undefined },
): UnavailableVersion {
  const { language, rules, distribution = {} } = runtime;
  const [first] = ranges;
  const from = first?.from ?? asker;
  const range = first?.range ?? rules!.usual;
  const said = `${formatOrigin(from)} asks for ${language} "${shorten(range)}", which cannot be had`;
  const packaged = Object.entries(distribution).map(
    ([name, versions]) => `${[versions].flat().join(", ")} (${name})`,
  );
  const there = (list ?? []).filter((one) => rules!.compare(one, rules!.oldest) >= 0);
  const near = nearestVersions(range, there, rules!.compare);
  const hint =
    near.length > 0
      ? `nearest versions: ${near.join(", ")}`
      : `versions of Linux bases: ${packaged.join(", ")}; this one is ${linux.name}`;
  return new UnavailableVersion(said, { from, isNamed, hint });
}

/** For messages: what an app writes may be long. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
