/** Pure: what an app's image starts from, what of the build goes into it, and what it runs. */
import { type AppBases, basesOf } from "../bases/bases-of.ts";
import type { ChosenRuntimes } from "../languages/runtime.ts";
import { runtimeOf } from "../languages/runtimes.ts";
import type { PackedPaths } from "../protocol/agent-input.ts";
import type { AppWork } from "./layers.ts";
import type { PlannedPart } from "./parts.ts";
import { sourceFolder } from "./places.ts";
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
  { runtimes: chosen, work, isLayered }: ImageInput,
): AppImage {
  const { site } = app.start;
  if (site?.isAlone) {
    const { language } = site.runtime;
    const { command = null } = runtimeOf(language).base!;
    const build = [...chosen.run, ...chosen.build].filter((one) => one.language !== language);
    const images = basesOf({ ...chosen, run: [{ language }], build });
    return { images, packed: { keep: [...site.keep], omit: [] }, command };
  }
  const runtimes = { ...chosen, run: chosen.run.filter(({ language }) => !standsAlone(language)) };
  const { run, build } = runtimes;
  // What such commands do anywhere in the image is meant to stay, whatever it is.
  if (build.length === 0 || !isLayered || work.buildAsRoot) {
    const images = basesOf({ ...runtimes, run: withBuild(runtimes), build: [] });
    return { images, packed: ALL, command: null };
  }
  const languages = build.map(({ language }) => language);
  const isGone = (language: string) =>
    languages.includes(language) && run.every((one) => one.language !== language);
  const folders = app.parts
    .filter((part) => isGone(part.language.runtime?.language ?? ""))
    .flatMap((part) => foldersOf(part, work));
  const packed = { keep: null, omit: [...SYSTEM, ...folders] };
  return { images: basesOf(runtimes), packed, command: null };
}

// --- internal ---

interface ImageInput {
  runtimes: ChosenRuntimes;
  work: RequestedWork;
  /** Whether the Dockerfile is nua-build's. */
  isLayered: boolean;
}

const ALL: PackedPaths = { keep: null, omit: [] };

/** What the base that is built upon has of its own, and the one that is run upon has not. */
const SYSTEM = ["/usr/local", "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log"];

function withBuild({ run, build }: ChosenRuntimes) {
  return [
    ...run.filter(({ language }) => build.every((one) => one.language !== language)),
    ...build,
  ];
}

/** What serves a site alone comes as a package where there is more. */
function standsAlone(language: string): boolean {
  return runtimeOf(language).base?.parent === "linux";
}

function foldersOf({ plan }: PlannedPart, work: RequestedWork): string[] {
  return (plan.onlyForBuild ?? []).map((folder) => `${sourceFolder(work)}/${folder}`);
}
