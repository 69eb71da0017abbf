/** The items of `build.pip-install`, as the app's files complete them. Pure. */
import { matchesGlob, relative } from "node:path";
import { isAppItself, projectName } from "../languages/python/pip-items.ts";
import { BUILD } from "../protocol/layout.ts";
import type { Facts } from "./action.ts";
import { pipWords } from "./pip.ts";

/** The words for pip, with globs replaced by what they match below /nua/build. */
export function expandItems(facts: Facts): { words: string[]; unmatched: string[] } {
  const words: string[] = [];
  const unmatched: string[] = [];
  for (const { item } of facts.input.pipInstall) {
    // Only a star: "uvicorn[standard]" is no pattern.
    const matches = item.includes("*") && !/[<>=!~]/.test(item) ? expandGlob(facts, item) : null;
    if (matches?.length === 0) unmatched.push(item);
    words.push(...(matches ?? pipWords(item)));
  }
  return { words, unmatched };
}

/** Whether they are the app itself: then nothing of its own is installed beside them. */
export function installsApp(facts: Facts): boolean {
  const { tree, source } = facts;
  const { words } = expandItems(facts);
  const name = projectName((file) => tree.read(`${source}/${file}`));
  const dir = relative(BUILD, source) || ".";
  // Without a project, the app is the wheels that were brought: here, those that are named.
  const isWheels = name === null && words.some((word) => /^[^:]*\.whl$/.test(word));
  return isWheels || isAppItself(words, { name, dir });
}

// --- internal ---

function expandGlob({ tree }: Facts, pattern: string): string[] {
  const depth = pattern.includes("**") ? 8 : pattern.split("/").length;
  const relative = pattern.replace(/^(\.\/)+/, "").replace(`${BUILD}/`, "");
  return filesBelow(BUILD, "", depth)
    .filter((path) => matchesGlob(path, relative))
    .map((path) => `./${path}`);

  function filesBelow(root: string, prefix: string, levels: number): string[] {
    if (levels === 0) return [];
    return tree
      .list(`${root}/${prefix}`.replace(/\/$/, ""))
      .flatMap((name) =>
        name.endsWith("/")
          ? filesBelow(root, `${prefix}${name}`, levels - 1)
          : [`${prefix}${name}`],
      );
  }
}
