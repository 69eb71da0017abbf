/** Pure: the base images of an app: what it is built upon, and what it runs upon. */
import type { ChosenRuntime, ChosenRuntimes } from "../languages/runtime.ts";
import { runtimeOf } from "../languages/runtimes.ts";
import { baseName, baseTag, builderName, planBases } from "./base-images.ts";

export interface AppBases {
  /** Tag of the image that the app's image starts from. */
  base: string;
  /** Tag of the image that the app is built upon: with what only the build needs. */
  buildBase: string;
  /** Tag of the image that carries the agent; null when no agent runs. */
  builder: string | null;
  /** The Linux base of all of them; null: the configured one. */
  linuxBase: string | null;
  /** Names of the base images that have to be there, each after what it needs. */
  needed: string[];
}

export function basesOf({ run, build, linuxBase }: ChosenRuntimes): AppBases {
  const all = buildStack(run, build);
  const names = { base: baseName(run), buildBase: baseName(all), builder: builderName(all) };
  const needed = planBases([names.builder, names.base], linuxBase);
  return {
    base: baseTag(names.base, linuxBase),
    buildBase: baseTag(names.buildBase, linuxBase),
    builder: baseTag(names.builder, linuxBase),
    linuxBase,
    needed: needed.map(({ name }) => name),
  };
}

// --- internal ---

/** What the build has of a language comes before what the app runs with. */
function buildStack(
  run: readonly ChosenRuntime[],
  build: readonly ChosenRuntime[],
): ChosenRuntime[] {
  const stays = ({ language }: ChosenRuntime) =>
    runtimeOf(language).base?.parent !== "linux" &&
    build.every((other) => other.language !== language);
  return [...run.filter(stays), ...build];
}
