/** The items of `build.pip-install`: requirement specifiers, options, and patterns for files. Pure. */
import { matchesGlob } from "node:path";
import { BUILD } from "../../protocol/layout.ts";
import type { Origin, PlannedCommand } from "../../protocol/planned-action.ts";
import { isFilePattern } from "../../protocol/words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { pipInstall, pipWords } from "./pip.ts";
import { isAppItself, projectName } from "./pip-items.ts";

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
