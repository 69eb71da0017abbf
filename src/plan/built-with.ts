/** Pure: the runtimes that an app is built with, and those of them that its image does without. */
import type { Language } from "../languages/language.ts";
import type { ChosenRuntime, ChosenRuntimes, RuntimePlace } from "../languages/runtime.ts";
import { DEFAULT_RUNTIME, runtimeOf } from "../languages/runtimes.ts";
import type { RequestedWork } from "./requested-work.ts";

export interface BuiltWith {
  /** Of the runtimes that are there while the app is built. */
  languages: readonly string[];
  /** Those of them that the image is without. */
  leftOut: readonly string[];
}

type Runtimes = Pick<ChosenRuntimes, "run" | "build">;

/** @param app.isLayered whether the Dockerfile is nua-build's */
export function builtWith(
  runtimes: Runtimes,
  { work, isLayered }: { work: Pick<RequestedWork, "buildAsRoot">; isLayered: boolean },
): BuiltWith {
  const { run, build } = withoutSites(runtimes);
  const named = (all: readonly ChosenRuntime[]) => all.map(({ language }) => language);
  const languages = [...new Set([DEFAULT_RUNTIME.language, ...named([...run, ...build])])];
  // What such commands do anywhere in the image is meant to stay, whatever it is.
  if (!isLayered || work.buildAsRoot) return { languages, leftOut: [] };
  const isRun = (language: string) => named(run).includes(language);
  return { languages, leftOut: named(build).filter((language) => !isRun(language)) };
}

/** Where something is that runs what is of this language. */
export function placeOfRuntime(
  { runtime, otherRuntimes = [] }: Language,
  { languages, leftOut }: BuiltWith,
): RuntimePlace {
  const own = [...(runtime === undefined ? [] : [runtime]), ...otherRuntimes];
  const there = own.filter(({ language }) => languages.includes(language));
  if (there.length === 0) return "none";
  return there.every(({ language }) => leftOut.includes(language)) ? "build" : "image";
}

/** Those that stand alone serve a site, and nothing beside it. */
export function withoutSites({ run, build }: Runtimes): Runtimes {
  return { run: run.filter(isOfLanguage), build: build.filter(isOfLanguage) };
}

// --- internal ---

function isOfLanguage({ language }: ChosenRuntime): boolean {
  return runtimeOf(language).rules !== undefined;
}
