/**
 * Pure: the parts of an app: each language that it has, and where.
 *
 * At the top of the source there may be several languages: a server with a front end. Folders of
 * front ends beside it are parts, too, where nothing at the top builds them; and where there is
 * nothing at the top, so is the folder of a server.
 */
import { FRONT_ENDS } from "../languages/front-ends.ts";
import type {
  Language,
  LanguageDecision,
  LanguageOptions,
  LanguagePlan,
} from "../languages/language.ts";
import { detectLanguages, LANGUAGES } from "../languages/languages.ts";
import { installsApp } from "../languages/python/requested-items.ts";
import { closest } from "../lib/closest.ts";
import { NuaError } from "../lib/errors.ts";
import type { DependencyPlace } from "../protocol/agent-input.ts";
import { type SourceTree, subtree, treePath } from "../source/source-tree.ts";
import { type BuiltWith, placeOfRuntime } from "./built-with.ts";
import { inFolder, placePlan } from "./placed-plan.ts";
import { itemsOf, sourceDir, sourceFolder } from "./places.ts";
import { findProcess } from "./procfile.ts";
import type { RequestedWork } from "./requested-work.ts";
import { findUnknown } from "./unknown-languages.ts";

/** One language of an app, in one folder. */
export interface Part {
  language: Language;
  /** Relative to the app's source; empty for its top. */
  dir: string;
  /** The file that tells of it, relative to the app's source. */
  file: string;
  /** The member of its workspace that is the app, relative to `dir`; null where none is chosen. */
  member: string | null;
  /** The key of the nua-config, or the script, that builds it in place of its files; else null. */
  replacedBy: string | null;
}

export interface PlannedPart extends Part {
  /** Where its dependencies are installed. */
  place: DependencyPlace;
  plan: LanguagePlan;
}

export interface PartsInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  /** The build script of the app's folder, where one is found; relative to it. */
  foundBuildScript: string | null;
}

/**
 * In the order in which they are built.
 * @throws NuaError (config) where build.app or build.languages names what is not there
 */
export function findParts(input: PartsInput): Part[] {
  const { work, tree } = input;
  if (tree === undefined) return [];
  const found = work.app === null ? findAll(tree, work.languages) : findApp(tree, work.app, work);
  rejectMissing(work.languages, found, tree);
  const isInstalled = installsApp(itemsOf(work), { tree, dir: sourceDir(work) });
  const custom = customBuild(input);
  return found.map((one) => ({
    ...one,
    replacedBy: custom ?? (isInstalled && one.language.installsPython ? "build.pip-install" : null),
  }));
}

/** What each of them says of its installation, its build and its start. */
export function planParts(
  parts: readonly Part[],
  { work, tree, builtWith, versions, ...placed }: PlaceOfParts,
): PlannedPart[] {
  if (tree === undefined) return [];
  const started = startedLines(tree, parts, work);
  return parts.map((part) => {
    const { language, dir, member } = part;
    const place = placed.apart?.includes(part) === false ? "here" : placed.place;
    const source = dir === "" ? sourceFolder(work) : `${sourceFolder(work)}/${dir}`;
    const others = parts.filter((one) => one !== part && one.dir === dir);
    const options: LanguageOptions = {
      ...{ source, place, member, versions, frozen: work.frozen },
      ...{ runtime: placeOfRuntime(language, builtWith), buildsMore: buildsMore(work) },
      id: String(work.rendered.id ?? ""),
      version: String(work.rendered.version ?? ""),
      started,
      languages: others.map((one) => one.language.name),
    };
    const plan = inFolder(dir, () => language.plan(subtree(tree, dir), options));
    return { ...part, place, plan: placePlan(plan, dir) };
  });
}

/** As a person is told of it. */
export function describePart({
  language,
  dir,
  file,
  member,
  replacedBy,
  plan,
}: PlannedPart): DescribedPart {
  const decisions = [...(plan.decisions ?? [])];
  return { language: language.name, dir, file, member, replacedBy, decisions };
}

export interface DescribedPart extends Omit<Part, "language"> {
  language: string;
  decisions: LanguageDecision[];
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

/** Whether lines of build.build stand beside what is detected. */
export function buildsMore({ build }: Pick<RequestedWork, "build">): boolean {
  return build.some(isDetected) && !build.every(isDetected);
}

/** Where people put the server, with nothing at the top; the first one is it. */
export const SERVERS: readonly string[] = ["backend", "back-end", "server", "api", "app", "src"];

// --- internal ---

/** By the configuration, else by a Procfile. */
function startedLines(tree: SourceTree, parts: readonly Part[], work: RequestedWork): string[] {
  if (work.start.length > 0) return work.start.map(({ line }) => line);
  const { process } = findProcess(tree, { part: parts.at(-1), isChosen: work.app !== null });
  return process === null ? [] : [process.command];
}

type Found = Omit<Part, "replacedBy">;

function findAll(tree: SourceTree, named: readonly string[]): Found[] {
  const top = languagesIn(tree, "", named);
  const isEmpty = top.length === 0 && findUnknown(tree) === null;
  const present = (names: readonly string[]) => names.filter((name) => tree.has(name));
  const isServed = top.some(({ language }) => !language.buildsFrontEnds);
  const taken = top.flatMap(({ language }) => language.frontEnds?.(tree) ?? []);
  const others = [...(isServed ? frontEndsByWord(tree) : []), ...taken];
  const fronts = [
    ...present(FRONT_ENDS).flatMap((dir) => languagesIn(tree, dir, named)),
    ...[...new Set(others)]
      .filter((dir) => !FRONT_ENDS.includes(dir))
      .flatMap((dir) =>
        languagesIn(tree, dir, named).filter(({ language }) => language.buildsFrontEnds),
      ),
  ].filter(({ language, dir }) => !isBuiltAtTop(tree, language, dir));
  if (!isEmpty) return [...fronts, ...top];
  const servers = present(SERVERS).map((dir) => languagesIn(tree, dir, named));
  return [...fronts, ...(servers.find((one) => one.length > 0) ?? [])];
}

/** `shop-ui`, `src-ui`, `shop_frontend`: beside a server of another language. */
function frontEndsByWord(tree: SourceTree): string[] {
  return tree
    .list("")
    .filter(({ kind, name }) => kind === "folder" && !FRONT_ENDS.includes(name))
    .map(({ name }) => name)
    .filter((name) => /[-_.](front-?end|ui|spa|webapp)$/i.test(name));
}

/** @param named by build.languages: then nobody is asked whether they are of the app */
function languagesIn(tree: SourceTree, dir: string, named: readonly string[]): Found[] {
  const at = subtree(tree, dir);
  const found = inFolder(dir, () =>
    named.length > 0
      ? LANGUAGES.filter(({ name }) => named.includes(name))
      : detectLanguages(at, [findUnknown(at)?.language ?? []].flat()),
  );
  return found.flatMap((language) => {
    const file = inFolder(dir, () => language.detect(at));
    if (file === null) return [];
    return [{ language, dir, member: null, file: dir === "" ? file : `${dir}/${file}` }];
  });
}

/** Its own files at the top may say that it builds the folder, whether they are of the app or not. */
function isBuiltAtTop(tree: SourceTree, language: Language, dir: string): boolean {
  if (language.detect(tree) === null) return false;
  return language.builds?.(tree, dir) === true || language.findMember?.(tree, dir) === dir;
}

/** A member of a workspace, by its name or its folder; else a folder of its own. */
function findApp(tree: SourceTree, app: string, { languages }: RequestedWork): Found[] {
  for (const one of languagesIn(tree, "", languages)) {
    const member = one.language.findMember?.(tree, app) ?? null;
    if (member !== null) return [{ ...one, member }];
  }
  const dir = treePath(app);
  const found = dir === undefined ? [] : languagesIn(tree, dir, languages);
  if (found.length > 0) return found;
  throw new NuaError("config", `Find app "${app}": there is none of that name or folder`, {
    step: "build.app",
    hint: "name a member of the workspace, or a folder with a manifest",
  });
}

function rejectMissing(named: readonly string[], found: readonly Found[], tree: SourceTree): void {
  const known = LANGUAGES.map(({ name }) => name);
  for (const name of named) {
    if (found.some(({ language }) => language.name === name)) continue;
    const absent = LANGUAGES.find((one) => one.name === name)?.absent?.(tree);
    if (absent !== undefined) throw absent;
    const guess = closest(name, known);
    const isKnown = known.includes(name);
    throw new NuaError(
      "config",
      `Find language "${name}": ${isKnown ? "the app has no file of it" : "it is not known"}`,
      {
        step: "build.languages",
        hint:
          isKnown || guess === undefined
            ? `known are ${known.join(", ")}`
            : `did you mean "${guess}"?`,
      },
    );
  }
}

interface PlaceOfParts {
  /** Those whose dependencies are installed there; absent: all. */
  apart?: readonly Part[];
  work: RequestedWork;
  tree: SourceTree | undefined;
  builtWith: BuiltWith;
  /** The runtimes that are there while the app is built: language -> version. */
  versions: Readonly<Record<string, string>>;
  /** Where dependencies are installed. */
  place: DependencyPlace;
}
