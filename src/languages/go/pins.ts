/**
 * Pure: which Go an app asks for. The line `go` of go.mod is a minimum that has to hold: Go refuses
 * to build with an older one. Beside it the first of .go-version, mise.toml, .tool-versions and the
 * line `toolchain` counts.
 *
 * Where nothing else says more, the newest patch of that very series is taken, and no newer series:
 * a patch mends and nothing else, while what an app depends on may reach into Go itself, and then
 * breaks with a new series (golang.org/x/tools before 0.24 with Go 1.25; github.com/bytedance/sonic;
 * what is linked by name, since 1.23). Source: go.dev/doc/go1compat, go.dev/doc/toolchain.
 */
import { semver } from "../../lib/semver.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { namedVersion, versionInFile } from "../version-files.ts";
import type { GoModFile, GoVersionLine } from "./go-mod.ts";
import type { GoProject } from "./project.ts";
import { FIRST_WITH_MINIMUM, plainVersion, seriesOf } from "./versions.ts";

export interface GoPin {
  /** As ranges of semver have it. */
  range: string;
  /** All that Go itself would take. */
  accepts?: string;
  from: Origin;
}

export interface GoPins {
  pins: GoPin[];
  /** What is to be told of them. */
  warnings: string[];
}

export function goPins(tree: SourceTree, project: GoProject): GoPins {
  const minimum = minimumOf(project);
  const said = saidOf(tree, project.main);
  if (said !== null && (minimum === null || fits(said.range, minimum.version))) {
    return { pins: [said], warnings: [] };
  }
  // What Go itself would refuse comes second, and is told.
  const others = said === null ? [] : [said];
  if (minimum === null) return { pins: others, warnings: [] };
  const { version, from } = minimum;
  const series = seriesOf(version);
  if (isOld(series)) {
    const pin = { range: FIRST_WITH_MINIMUM, accepts: "*", from };
    return { pins: [pin, ...others], warnings: [oldLine(version, from)] };
  }
  const accepts = `>=${semver.coerce(version)!.version}`;
  return { pins: [{ range: rangeOf(version), accepts, from }, ...others], warnings: [] };
}

/** Nothing runs with it. */
export function requestedGo(tree: SourceTree, project: GoProject): RequestedRuntime[] {
  const { pins } = goPins(tree, project);
  const request = { language: "go", use: "build" } as const;
  if (pins.length === 0) return [{ ...request, from: { what: project.file } }];
  return pins.map((pin) => ({ ...request, ...pin }));
}

// --- internal ---

interface Minimum {
  version: string;
  from: Origin;
}

/** The highest of all modules that are built together. */
function minimumOf({ main, modules }: GoProject): Minimum | null {
  const all = [main, ...modules.map(({ mod }) => mod)].flatMap((mod) => {
    const version = mod.go === null ? null : plainVersion(mod.go.version);
    return version === null ? [] : [{ version, from: originOf(mod, mod.go!) }];
  });
  return all.reduce<Minimum | null>(
    (best, one) => (best === null || isNewer(one.version, best.version) ? one : best),
    null,
  );
}

function isNewer(one: string, other: string): boolean {
  return semver.gt(semver.coerce(one)!, semver.coerce(other)!);
}

function saidOf(tree: SourceTree, main: GoModFile): GoPin | null {
  const files = [
    () => versionInFile(tree, ".go-version"),
    () => namedVersion(tree, ["go", "golang"]),
  ];
  for (const read of files) {
    const found = read();
    if (found === null || found.version === "system") continue;
    const version = plainVersion(found.version);
    return { range: version ?? found.version, from: found.from };
  }
  const version = main.toolchain === null ? null : plainVersion(main.toolchain.version);
  if (version === null) return null;
  return { range: rangeOf(version), from: originOf(main, main.toolchain!) };
}

/** "~1.22.3": that patch, or a later one of its series. */
function rangeOf(version: string): string {
  return /^\d+\.\d+\.\d+$/.test(version) ? `~${version}` : version;
}

/** Whether anything that a range allows is as new as that. */
function fits(range: string, minimum: string): boolean {
  if (semver.validRange(range) === null) return true;
  return semver.intersects(range, `>=${semver.coerce(minimum)!.version}`);
}

function isOld(series: string): boolean {
  return isNewer(FIRST_WITH_MINIMUM, series);
}

function oldLine(version: string, { what, line }: Origin): string {
  return `${what}:${line} says go ${version}, which is no minimum before ${FIRST_WITH_MINIMUM}: the app is built by Go ${FIRST_WITH_MINIMUM}; .go-version names another`;
}

function originOf({ file }: GoModFile, { line }: GoVersionLine): Origin {
  return { what: file, line };
}
