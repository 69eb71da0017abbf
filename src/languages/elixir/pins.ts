/**
 * Pure: which Elixir an app asks for. What mix.exs says (`elixir: "~> 1.14"`) has to hold: Mix refuses
 * any other. Beside it the first of mise.toml, .tool-versions, .elixir-version and
 * elixir_buildpack.config counts. Linux bases have few versions of it, and a newer one builds what was
 * written for an older one of the same major version: so that is taken, and told. Source: hexdocs.pm/elixir, "Compatibility and deprecations".
 */
import { semver } from "../../lib/semver.ts";
import { formatOrigin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { type NamedVersion, namedVersion, versionInFile } from "../version-files.ts";
import { filesOf, type MixProject } from "./project.ts";
import { DISTRIBUTION_ELIXIR, elixirVersions, USUAL, withoutOtp } from "./versions.ts";

/** Nothing runs with it: a release has all that it needs of it. */
export function requestedElixir(tree: SourceTree, project: MixProject): RequestedRuntime[] {
  const request = { language: "elixir", use: "build" } as const;
  const hard = filesOf(project).flatMap(({ elixir, file }) =>
    elixir === null ? [] : [{ range: elixir.value, from: { what: file, line: elixir.line } }],
  );
  const elixir = saidOf(tree, ["elixir"], "elixir_version", ".elixir-version");
  const otp = saidOf(tree, ["erlang"], "erlang_version", ".erlang-version");
  const soft = [
    ...(elixir === null ? [] : [{ range: orNewer(elixir.version), from: elixir.from }]),
    ...(otp === null ? [] : [{ range: otpRange(otp.version), from: otp.from }]),
  ];
  // What says only how old it may be does not ask for an old one.
  const usual = { range: USUAL, from: hard[0]?.from ?? { what: project.top.file } };
  const isUsual = soft.length === 0 && isThere([...hard, usual].map(({ range }) => range));
  return [...hard, ...soft, ...(isUsual ? [usual] : [])].map((pin) => ({ ...request, ...pin }));
}

/** What is to be told of them. @param version of Elixir, as far as it is known */
export function pinWarnings(tree: SourceTree, version: string | undefined): string[] {
  const said = saidOf(tree, ["elixir"], "elixir_version", ".elixir-version");
  const wanted = semver.coerce(withoutOtp(said?.version ?? ""));
  const taken = semver.coerce(version ?? "");
  if (said === null || wanted === null || taken === null) return [];
  if (wanted.major === taken.major && wanted.minor === taken.minor) return [];
  return [
    `${formatOrigin(said.from)} asks for elixir ${said.version}, which no Linux base has: ${taken.major}.${taken.minor} builds what was written for it`,
  ];
}

// --- internal ---

/** Whether a Linux base has one that all of them allow. */
function isThere(ranges: readonly string[]): boolean {
  const tests = ranges.map((range) => elixirVersions.parse(range));
  return Object.values(DISTRIBUTION_ELIXIR)
    .flat()
    .some((version) => tests.every((allows) => allows?.(version) ?? true));
}

function saidOf(
  tree: SourceTree,
  names: readonly string[],
  key: string,
  file: string,
): NamedVersion | null {
  return namedVersion(tree, names) ?? versionInFile(tree, file) ?? fromBuildpack(tree, key);
}

const BUILDPACK = "elixir_buildpack.config";

/** `elixir_version=1.14.5` */
function fromBuildpack(tree: SourceTree, key: string): NamedVersion | null {
  const lines = (tree.text(BUILDPACK) ?? "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const [, name, version] = /^\s*(\w+)\s*=\s*\(?["']?v?([\w.-]+)/.exec(line) ?? [];
    if (name === key) return { version: version!, from: { what: BUILDPACK, line: index + 1 } };
  }
  return null;
}

/** `1.14.5` is any 1.14, and any later 1.x; a word is left as it is. */
function orNewer(version: string): string {
  const [, major, minor = "0"] = /^v?(\d{1,4})(?:\.(\d{1,4}))?/.exec(withoutOtp(version)) ?? [];
  return major === undefined ? version : `~> ${major}.${minor}`;
}

/** `26.2.1` is the series 26; `latest` is any. */
function otpRange(version: string): string {
  const [, series] = /^(?:OTP-)?(\d{1,3})/.exec(version) ?? [];
  return series === undefined ? USUAL : `otp-${series}`;
}
