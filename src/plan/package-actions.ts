/** Pure: plans which Debian packages and Python connectors are installed. */
import type { RequestedPackages } from "../languages/language.ts";
import { pipInstall } from "../languages/python/pip.ts";
import { BUILD } from "../protocol/layout.ts";
import { type PlannedAction, plannedPackages } from "../protocol/planned-action.ts";
import type { ActionsInput } from "./actions-input.ts";
import { metaParts, unknownMetaPackages } from "./meta-packages.ts";
import { builtParts } from "./parts.ts";
import { originOf } from "./places.ts";

/** Those that are asked for by name, and those that meta-packages stand for. */
export function planPackages(input: ActionsInput, purpose: "image" | "build"): PlannedAction {
  const { metaPackages, packages: named, namedIn } = input.work;
  const kind = purpose === "image" ? "run" : "build";
  const implied = metaParts(metaPackages, kind);
  const wanted = purpose === "image" ? requestedBy(input) : [];
  const asked = [...namesOf(named[kind]), ...implied, ...wanted.flatMap((one) => one.names)];
  const names = [...new Set(asked)];
  const keys = [...namedIn[kind], ...(implied.length > 0 ? namedIn.meta : [])];
  const from = [...keys.map((key) => originOf(input, key)), ...wanted.map((one) => one.from)];
  const unknown = purpose === "image" ? unknownMetaPackages(metaPackages) : [];
  const title = purpose === "image" ? "Install packages" : "Install packages for the build";
  return {
    name: `${kind}-packages`,
    title: names.length === 0 ? title : `${title}: ${names.join(", ")}`,
    commands: [
      ...unknown.map((text) => ({ kind: "warn" as const, text })),
      ...plannedPackages(names, purpose, { from }),
    ],
  };
}

/** Debian packages that stay in the image, but for those of meta-packages. */
export function runPackagesOf(app: Pick<ActionsInput, "work" | "parts" | "start">): string[] {
  return [...app.work.packages.run, ...requestedBy(app).flatMap(({ names }) => names)];
}

export function planConnectors(input: ActionsInput): PlannedAction {
  const { metaPackages, namedIn } = input.work;
  const names = metaParts(metaPackages, "pip");
  const from = originOf(input, namedIn.meta[0] ?? "build.meta-packages");
  return {
    name: "meta-packages",
    title: `Install Python connectors: ${names.join(", ")}`,
    commands: names.length === 0 ? [] : [pipInstall(names, { cwd: BUILD, from })],
  };
}

// --- internal ---

function requestedBy({ parts, start }: Pick<ActionsInput, "parts" | "start">): RequestedPackages[] {
  const asked = builtParts(parts).flatMap(({ plan }) => plan.runPackages ?? []);
  const { site } = start;
  return site === null || site.isAlone ? asked : [...asked, site.packages];
}

/** A person may have written several to a string. */
function namesOf(items: readonly string[]): string[] {
  return items.flatMap((item) => item.split(/\s+/)).filter((name) => name !== "");
}
