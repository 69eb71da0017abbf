/** pip, always that of /nua/venv and as user nua, who owns it. Pure. */

import { type RunCommand, run } from "../protocol/command.ts";
import { PYTHON, VENV } from "../protocol/layout.ts";
import type { Facts } from "./action.ts";

/**
 * One installation, which resolves all that it is given together.
 * @param args requirements, files and pip's own options, as words
 */
export function pipInstall(
  facts: Facts,
  args: readonly string[],
  place: { cwd: string; from?: string },
): RunCommand {
  const cache = facts.caches.pip === null ? ["--no-cache-dir"] : ["--cache-dir", facts.caches.pip];
  return run(
    // No bytecode: it would double what Python code takes in the image.
    [PYTHON, ...pipProgram(facts), "install", "--no-compile", ...cache, ...args],
    { user: "nua", ...place },
  );
}

/**
 * What makes the Python of /nua/venv pip: the agent's own copy, which starts in half the time, as
 * long as it is the same as the one there.
 */
export function pipProgram({ tree, programs }: Facts): string[] {
  const copy = `${programs}/python/pip`;
  const version = tree.read(`${copy}/${VERSION_FILE}`);
  const isSame =
    version !== undefined &&
    tree
      .list(`${VENV}/lib`)
      .some(
        (python) => tree.read(`${VENV}/lib/${python}site-packages/pip/${VERSION_FILE}`) === version,
      );
  return isSame ? [copy] : ["-m", "pip"];
}

/**
 * The words of one item of `build.pip-install`. It is no shell line, but options and several
 * plain requirements were always written in one string.
 */
export function pipWords(item: string): string[] {
  const words = item.trim().split(/\s+/);
  const isOption = item.trim().startsWith("-");
  return isOption || words.every((word) => COMPLETE.test(word)) ? words : [item.trim()];
}

// --- internal ---

/** It names the version. */
const VERSION_FILE = "__init__.py";

/** A requirement, file or URL that is whole without the words beside it. */
const COMPLETE = /^[\w./][^;@(]*[\w\]*/]$/;
