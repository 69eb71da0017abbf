/** Pure: the parts of an app: each language that it has, and where. */
import type { Language, LanguageOptions, LanguagePlan } from "../languages/language.ts";
import { detectLanguages } from "../languages/languages.ts";
import { installsApp } from "../languages/python/requested-items.ts";
import type { DependencyPlace } from "../protocol/agent-input.ts";
import { type SourceTree, subtree } from "../source/source-tree.ts";
import { placePlan } from "./placed-plan.ts";
import { itemsOf, sourceDir, sourceFolder } from "./places.ts";
import type { RequestedWork } from "./requested-work.ts";

/** One language of an app, in one folder. */
export interface Part {
  language: Language;
  /** Relative to the app's source; empty for its top. */
  dir: string;
  /** The file that tells of it, relative to the app's source. */
  file: string;
  /** The key of the nua-config, or the script, that builds it in place of its files; else null. */
  replacedBy: string | null;
}

export interface PlannedPart extends Part {
  plan: LanguagePlan;
}

export interface PartsInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  /** The build script of the app's folder, where one is found; relative to it. */
  foundBuildScript: string | null;
}

/** In the order in which they are built. */
export function findParts(input: PartsInput): Part[] {
  const { work, tree } = input;
  if (tree === undefined) return [];
  const detected = detectLanguages(tree);
  const isInstalled = installsApp(itemsOf(work), { tree, dir: sourceDir(work) });
  const custom = customBuild(input);
  return detected
    .filter((language) => language.isOfApp?.(tree, besideOf(detected, language)) ?? true)
    .map((language) => ({
      ...{ language, dir: "", file: language.detect(tree) ?? "" },
      replacedBy: custom ?? (isInstalled && language.installsPython ? "build.pip-install" : null),
    }));
}

/** What each of them says of its installation, its build and its start. */
export function planParts(
  parts: readonly Part[],
  { work, tree, runtime, place }: PlaceOfParts,
): PlannedPart[] {
  if (tree === undefined) return [];
  return parts.map((part) => {
    const { language, dir } = part;
    const source = dir === "" ? sourceFolder(work) : `${sourceFolder(work)}/${dir}`;
    const options: LanguageOptions = {
      ...{ source, runtime, place, versions: {}, member: null },
      version: String(work.rendered.version ?? ""),
      languages: parts.filter((one) => one.dir === dir).map((one) => one.language.name),
    };
    return { ...part, plan: placePlan(language.plan(subtree(tree, dir), options), dir) };
  });
}

/** Those that their own files say how to build. */
export function builtParts<One extends Part>(parts: readonly One[]): One[] {
  return parts.filter(({ replacedBy }) => replacedBy === null);
}

/** The key or the script that says how the app is built, in place of its files; else null. */
export function customBuild({
  work,
  foundBuildScript,
}: Pick<PartsInput, "work" | "foundBuildScript">): string | null {
  if (work.build.length > 0) return work.build.some(isDetected) ? null : "build.build";
  return work.buildScript !== null ? "build.build-script" : foundBuildScript;
}

/** Whether a line of build.build stands for the commands that are detected. */
export function isDetected({ line }: { line: string }): boolean {
  return line.trim() === "...";
}

// --- internal ---

interface PlaceOfParts {
  work: RequestedWork;
  tree: SourceTree | undefined;
  /** The language whose runtime the image starts from. */
  runtime: string;
  /** Where dependencies are installed. */
  place: DependencyPlace;
}

function besideOf(all: readonly Language[], one: Language): { languages: string[] } {
  return { languages: all.filter((other) => other !== one).map(({ name }) => name) };
}
