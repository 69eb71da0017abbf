/** Pure: what an app's image starts from, what of the build goes into it, and what it runs. */
import { type AppBases, basesOf } from "../bases/bases-of.ts";
import type { ChosenRuntime, ChosenRuntimes } from "../languages/runtime.ts";
import { runtimeOf } from "../languages/runtimes.ts";
import type { AppLayer, DependencyPlace, PackedPaths } from "../protocol/agent-input.ts";
import { NUA } from "../protocol/layout.ts";
import { builtWith, placeOfRuntime, withoutSites } from "./built-with.ts";
import type { Decision } from "./decision.ts";
import type { AppWork } from "./layers.ts";
import type { PlannedPart } from "./parts.ts";
import { sourceFolder } from "./places.ts";
import type { PlanInput } from "./plan-input.ts";
import type { RequestedWork } from "./requested-work.ts";

export interface AppImage {
  images: AppBases;
  /** What of that which the build makes goes into the image. */
  packed: PackedPaths;
  /** What a container of the image runs; null: the start script. */
  command: readonly string[] | null;
}

/** An image that adds to another one: nothing is built. */
export function wrappedImage(base: string): AppImage {
  const images = { base, buildBase: base, builder: null, linuxBase: null, needed: [] };
  return { images, packed: ALL, command: null };
}

export function planImage(
  app: Pick<AppWork, "start" | "parts">,
  { runtimes, work, isLayered }: ImageInput,
): AppImage {
  const { site } = app.start;
  if (site?.isAlone) {
    const { language } = site.runtime;
    const { command = null } = runtimeOf(language).base!;
    const build = [...runtimes.run, ...runtimes.build].filter((one) => one.language !== language);
    const images = basesOf({ ...runtimes, run: [{ language }], build });
    return { images, packed: { keep: [...site.keep], omit: [] }, command };
  }
  const { run, build } = withoutSites(runtimes);
  const used = builtWith(runtimes, { work, isLayered });
  if (used.leftOut.length === 0) {
    const images = basesOf({ ...runtimes, run: withBuild({ run, build }), build: [] });
    return { images, packed: ALL, command: null };
  }
  const folders = app.parts
    .filter(({ language }) => placeOfRuntime(language, used) === "build")
    .flatMap((part) => foldersOf(part, work));
  const packed = { keep: null, omit: [...SYSTEM, ...folders] };
  return { images: basesOf({ ...runtimes, run, build }), packed, command: null };
}

/** What goes into a layer, of what was made for it. */
export function packedOf(
  { packed, dependencies }: Pick<AppImage, "packed"> & { dependencies: DependencyPlace },
  layer: AppLayer | "all",
): PackedPaths {
  // What is installed there for the run base is in it whole.
  if (layer === "packages") return ALL;
  // What installing has kept for itself: browsers and headers of what only the build needs, too.
  const isPruned = layer === "dependencies" && dependencies === "pruned";
  return isPruned ? { ...packed, omit: [...packed.omit, HOME_CACHE] } : packed;
}

/** What an app stands upon, and why. */
export function baseDecisions(
  { base, buildBase }: AppBases,
  { config, runtimes, placeOf }: Pick<PlanInput, "config" | "runtimes" | "placeOf">,
): Decision[] {
  const isNamed = config.build?.builder !== undefined;
  const asked = runtimes.decisions.length > 0 ? "what is asked for" : "no builder is named";
  const why = isNamed ? "build.builder" : asked;
  const place = isNamed ? placeOf(["build", "builder"]) : undefined;
  const [run, build] = [base, buildBase].map((tag) => tag.split(":")[0]);
  if (base === buildBase) return [{ what: `base ${run}`, because: why, ...place }];
  return [
    { what: `base ${run}`, because: "what the app runs with", ...place },
    { what: `built upon ${build}`, because: why },
  ];
}

// --- internal ---

interface ImageInput {
  runtimes: ChosenRuntimes;
  work: RequestedWork;
  /** Whether the Dockerfile is nua-build's. */
  isLayered: boolean;
}

/** Where programs of user nua keep what they can do without: XDG Base Directory Specification. */
const HOME_CACHE = `${NUA}/.cache`;

const ALL: PackedPaths = { keep: null, omit: [] };

/** Files and folders of dpkg's own record, which is that of the base. Source: dpkg, "Internals". */
const DPKG = [
  ...["alternatives", "arch", "available", "available-old", "diversions", "diversions-old", "info"],
  ...["lock", "lock-frontend", "parts", "statoverride", "statoverride-old", "status", "status-old"],
  ...["cmethopt", "methods", "triggers", "updates"],
];

/**
 * What the base that is built upon has of its own, and the one that is run upon has not. Beside
 * dpkg's record, `status.d` tells scanners of packages that were taken from there.
 */
const SYSTEM = [
  ...["/usr/local", "/var/lib/apt", "/var/cache", "/var/log"],
  ...DPKG.map((name) => `/var/lib/dpkg/${name}`),
];

function withBuild({ run, build }: Pick<ChosenRuntimes, "run" | "build">): ChosenRuntime[] {
  return [
    ...run.filter(({ language }) => build.every((one) => one.language !== language)),
    ...build,
  ];
}

function foldersOf({ plan }: PlannedPart, work: RequestedWork): string[] {
  return (plan.onlyForBuild ?? []).map((folder) => `${sourceFolder(work)}/${folder}`);
}
