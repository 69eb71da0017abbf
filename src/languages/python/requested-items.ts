/** The items of `build.pip-install`: requirement specifiers, options, and patterns for files. Pure. */
import { matchesGlob } from "node:path";
import { BUILD, SCRATCH } from "../../protocol/layout.ts";
import type { Origin, PlannedCommand } from "../../protocol/planned-action.ts";
import { isFilePattern } from "../../protocol/words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { Obstacle } from "../dependency-rule.ts";
import { isLocalRequirement } from "./dependencies.ts";
import { formatRequirement } from "./manifests/requirement.ts";
import { readDeclared } from "./package-managers/declared.ts";
import { pipInstall, pipWords } from "./pip.ts";
import { isAppItself, projectName } from "./pip-items.ts";
import { namesApp, readByRequirements } from "./requirements.ts";

export interface ItemsSource {
  /** The app's source. */
  tree: SourceTree;
  /** Its folder in the image, relative to /nua/build; "." is all of it. */
  dir: string;
}

/**
 * @param source undefined where it is not at hand
 * @returns what installs them, and what there is to tell of them
 */
export function planItems(
  items: readonly string[],
  from: Origin,
  source: ItemsSource | undefined,
): { commands: PlannedCommand[]; told: PlannedCommand[] } {
  const words = items.flatMap((item) => (isFilePattern(item) ? [item] : pipWords(item)));
  const patterns = items.filter(isFilePattern);
  const isAlone = patterns.length === items.length;
  const glob =
    patterns.length === 0 ? {} : ({ glob: isAlone ? "alone" : "beside others" } as const);
  const leavesRequirements =
    source?.tree.has(REQUIREMENTS) === true &&
    installsApp(items, source) &&
    !words.some((word) => word.endsWith(REQUIREMENTS));
  return {
    commands: [{ ...pipInstall(words, { cwd: BUILD, from, ...glob }), restoresPasswords: true }],
    told: leavesRequirements
      ? [{ kind: "warn", text: `${from.what} installs the app itself: ${NOT_INSTALLED}` }]
      : [],
  };
}

export interface ItemsBefore {
  /** What is installed of the items without the app itself, and of what that declares to need. */
  commands: PlannedCommand[];
  /** What of the source that reads, and what else decided it. */
  files: string[];
  decidedBy: readonly string[];
  /** Whether all items are installed again later: then only the app itself is left. */
  isAppLeft: boolean;
}

/**
 * What of the items can be installed before the app is there.
 * @throws Obstacle where one of them is more of the app than that is known to be
 */
export function planItemsBefore(
  items: readonly { item: string; from: string }[],
  from: Origin,
  source: ItemsSource,
): ItemsBefore {
  const all = items.map((one) => readItem(one, source));
  const own = all.filter(({ extras }) => extras !== null);
  const others = all.flatMap(({ words }) => words);
  const declared =
    own.length === 0
      ? null
      : declaredOf(
          source,
          own.flatMap(({ extras }) => extras ?? []),
        );
  const lines = declared?.all ?? [];
  const write: PlannedCommand = {
    ...{ kind: "write-file", path: DECLARED, mode: 0o644, from },
    text: lines.map((line) => `${line}\n`).join(""),
  };
  const words = [...(lines.length > 0 ? ["--requirement", DECLARED] : []), ...others];
  const install = { ...pipInstall(words, { cwd: BUILD, from }), restoresPasswords: true as const };
  return {
    commands: [...(lines.length > 0 ? [write] : []), ...(words.length > 0 ? [install] : [])],
    files: all.flatMap(({ files }) => files),
    decidedBy: declared?.files ?? [],
    isAppLeft: own.length > 0,
  };
}

/** Whether items are the app itself: then nothing of its own is installed beside them. */
export function installsApp(items: readonly string[], source: ItemsSource): boolean {
  const words = items.flatMap((item) =>
    isFilePattern(item) ? expand(item, source) : pipWords(item),
  );
  const name = projectName((file) => source.tree.text(file));
  // Without a project, the app is the wheels that were brought: here, those that are named.
  const isWheels = name === null && words.some((word) => /^[^:]*\.whl$/.test(word));
  return isWheels || isAppItself(words, { name, dir: source.dir });
}

// --- internal ---

const REQUIREMENTS = "requirements.txt";
const DECLARED = `${SCRATCH}/declared-of-app.txt`;

interface ReadItem {
  /** For pip; none of what is the app itself. */
  words: string[];
  /** Those of the app that are asked for; null where the item is not the app. */
  extras: string[] | null;
  files: string[];
}

function readItem({ item, from }: { item: string; from: string }, source: ItemsSource): ReadItem {
  const words = pipWords(item);
  const folder = words.length === 1 && isAppItself(words, { name: null, dir: source.dir });
  if (folder) {
    const extras = /\[([^\]]*)\]$/.exec(item.trim())?.[1] ?? "";
    return {
      words: [],
      extras: extras
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean),
      files: [],
    };
  }
  const file = /^(?:-r|--requirement)(?:\s+|=)(\S+)$/.exec(item.trim())?.[1];
  if (file !== undefined && source.dir === "." && !namesApp(source.tree, file)) {
    return { words, extras: null, files: readByRequirements(source.tree, file) };
  }
  const local = words.some(
    (word) => word.includes("*") || word.startsWith("-") || isLocalRequirement(word),
  );
  if (local) throw new Obstacle(`${from} names "${item}"`);
  return { words, extras: null, files: [] };
}

/** What the app declares; with one of its own folder, only its build tells. */
function declaredOf({ tree }: ItemsSource, extras: readonly string[]) {
  const { files, all } = readDeclared(tree, { extras });
  const inside = all.find(({ path }) => path !== null);
  if (inside !== undefined) throw new Obstacle(`${files[0]} names "${inside.path}"`);
  return { files, all: all.map(({ requirement }) => formatRequirement(requirement)) };
}
const NOT_INSTALLED = `${REQUIREMENTS} is not installed; "-r ${REQUIREMENTS}" among its items does that`;

/** How many folders below one another `**` goes. */
const DEEPEST = 8;

/** What a pattern matches before the build; else the pattern itself: the build may make it. */
function expand(pattern: string, { tree, dir }: ItemsSource): string[] {
  const relative = pattern.replace(/^(\.\/)+/, "").replace(`${BUILD}/`, "");
  const below = dir === "." ? relative : relative.replace(`${dir}/`, "");
  const depth = pattern.includes("**") ? DEEPEST : below.split("/").length;
  const files = filesBelow(tree, "", depth).filter((path) => matchesGlob(path, below));
  return files.length === 0 ? [pattern] : files.map((path) => `./${path}`);
}

function filesBelow(tree: SourceTree, folder: string, levels: number): string[] {
  if (levels === 0) return [];
  return tree.list(folder).flatMap(({ name, kind }) => {
    const path = folder === "" ? name : `${folder}/${name}`;
    return kind === "folder" ? filesBelow(tree, path, levels - 1) : [path];
  });
}
