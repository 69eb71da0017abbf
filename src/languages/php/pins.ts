/**
 * Pure: which PHP an app asks for. What composer.json requires has to hold, and so does what the
 * packages of composer.lock require; beside it the first of .php-version, mise.toml and
 * .tool-versions counts. Linux bases have one patch of each, so that a version in full stands for
 * its series. What config.platform says is a minimum: libraries were chosen for it.
 */
import { oncePer } from "../../lib/once-per.ts";
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { namedVersion, versionInFile } from "../version-files.ts";
import { LOCK, MANIFEST, originIn, readComposerJson } from "./composer-json.ts";
import { readComposerLock } from "./composer-lock.ts";
import { parseConstraint } from "./constraint.ts";
import { KNOWN, packagedPatch, phpVersions, seriesOf } from "./versions.ts";

export interface Pin {
  range: string;
  from: Origin;
}

export interface PhpPins {
  pins: Pin[];
  /** What is to be told of them. */
  warnings: string[];
}

export function requestedPhp(tree: SourceTree, file: string): RequestedRuntime[] {
  const request = { language: "php", use: "run" } as const;
  const { pins } = phpPins(tree);
  if (pins.length === 0) return [{ ...request, from: { what: file } }];
  return pins.map((pin) => ({ ...request, ...pin }));
}

/** A pin that Composer would refuse does not count, and is told. */
export const phpPins = oncePer((tree: SourceTree): PhpPins => {
  const said = saidOf(tree);
  const needs = [requiredOf(tree) ?? [], platformOf(tree) ?? [], lockedPins(tree)].flat();
  if (said === null) return { pins: needs, warnings: [] };
  const against = needs.find((need) => !fits(said, need));
  if (against === undefined) return { pins: [said, ...needs], warnings: [] };
  const [one, other] = [said, against].map(({ range, from }) => ({
    asked: `"${range}"`,
    by: formatOrigin(from),
  }));
  const told = `${one!.by} asks for PHP ${one!.asked}, and ${other!.by}, which counts, for ${other!.asked}`;
  return { pins: needs, warnings: [told] };
});

// --- internal ---

function saidOf(tree: SourceTree): Pin | null {
  const found = versionInFile(tree, ".php-version") ?? namedVersion(tree, ["php"]);
  if (found === null || found.version === "system") return null;
  const { version, from } = found;
  return { range: seriesOf(version) ?? version, from };
}

/** Whether a series has a member that the other allows as well. */
function fits({ range }: Pin, required: Pin): boolean {
  const [said, allows] = [phpVersions.parse(range), phpVersions.parse(required.range)];
  const all = [...KNOWN, range, `${range}.9999`];
  return !said || !allows || all.some((version) => said(version) && allows(version));
}

/** A version alone is that one, and none of its series, for Composer. */
function requiredOf(tree: SourceTree): Pin | null {
  const manifest = readComposerJson(tree);
  if (manifest === null) return null;
  const name = ["php", "php-64bit"].find((one) => Object.hasOwn(manifest.require, one));
  if (name === undefined) return null;
  const range = exactly(manifest.require[name]!);
  return { range, from: originIn(tree, MANIFEST, "require", name) };
}

function exactly(range: string): string {
  const text = range.trim();
  return /^\d+(?:\.\d+)?$/.test(text) ? `==${text}` : text;
}

function platformOf(tree: SourceTree): Pin | null {
  const version = readComposerJson(tree)?.platform.php;
  if (typeof version !== "string") return null;
  const from = originIn(tree, MANIFEST, "platform", "php");
  return { range: parseConstraint(`>=${version}`) === null ? version : `>=${version}`, from };
}

/** Of packages that rule out what a Linux base has; the first of those that rule out the same. */
function lockedPins(tree: SourceTree): Pin[] {
  const found = new Map<string, Pin>();
  // Most packages ask for the same.
  const looked = new Set<string>();
  for (const { name, require } of readComposerLock(tree)?.packages ?? []) {
    const range = require.php;
    if (range === undefined || looked.has(range)) continue;
    looked.add(range);
    const allows = parseConstraint(range);
    if (allows === null) continue;
    const out = KNOWN.filter((series) => !allows(packagedPatch(series)));
    if (out.length === 0 || found.has(out.join())) continue;
    found.set(out.join(), {
      range: exactly(range),
      from: originIn(tree, LOCK, "packages", name, "php"),
    });
  }
  return [...found.values()];
}
