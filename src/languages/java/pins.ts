/**
 * Pure: which Java an app asks for. What its sources are compiled for is a minimum that has to hold;
 * beside it the first of .java-version, .sdkmanrc, mise.toml, .tool-versions, system.properties and
 * a toolchain that the build names counts. Linux bases have one patch of each, so that a version in
 * full stands for its series.
 */
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { type NamedVersion, namedVersion, versionInFile } from "../version-files.ts";
import type { JavaProject } from "./app/project.ts";
import { readProperties } from "./app/properties-file.ts";
import { majorOf } from "./app/versions.ts";

export function requestedJava(tree: SourceTree, project: JavaProject): RequestedRuntime[] {
  const said = saidOf(tree) ?? project.named;
  const { minimum, limits } = project;
  const least = minimum && { range: `>=${minimum.version}`, from: minimum.from };
  const own = [said, least].filter((one) => one !== null);
  // What the compiler would refuse comes second, and is told.
  const isTooOld =
    said !== null &&
    minimum !== null &&
    (majorOf(said.range) ?? Number.MAX_VALUE) < minimum.version;
  const pins = [...(isTooOld ? own.toReversed() : own), ...limits];
  const request = { language: "java", use: "run" } as const;
  if (pins.length === 0) return [{ ...request, from: { what: project.file } }];
  // What only limits asks for nothing: the usual one that fits is taken.
  const first = own.length === 0 ? [{ range: ">=17", from: { what: project.file } }] : [];
  const isLimited = limits.some(({ range }) => /<=?\s*1[0-6]\b/.test(range));
  return [...(isLimited ? [] : first), ...pins].map((pin) => ({ ...request, ...pin }));
}

// --- internal ---

interface Pin {
  range: string;
  from: Origin;
}

function saidOf(tree: SourceTree): Pin | null {
  const files = [
    () => versionInFile(tree, ".java-version"),
    () => fromProperties(tree, ".sdkmanrc", "java"),
    () => namedVersion(tree, ["java"]),
    () => fromProperties(tree, "system.properties", "java.runtime.version"),
  ];
  for (const read of files) {
    const found = read();
    if (found === null || found.version === "system") continue;
    const major = majorOf(found.version);
    return { range: major === null ? found.version : String(major), from: found.from };
  }
  return null;
}

function fromProperties(tree: SourceTree, file: string, name: string): NamedVersion | null {
  const found = readProperties(tree, file).get(name);
  return found === undefined
    ? null
    : { version: found.value, from: { what: file, line: found.line } };
}
