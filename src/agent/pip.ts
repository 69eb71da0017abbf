/** pip, always that of /nua/venv and as user nua, who owns it. Pure. */
import type { Facts } from "./action.ts";
import { type RunCommand, run } from "./command.ts";
import { PYTHON } from "./layout.ts";

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
    [PYTHON, "-m", "pip", "install", "--no-compile", ...cache, ...args],
    { user: "nua", ...place },
  );
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

/** A requirement, file or URL that is whole without the words beside it. */
const COMPLETE = /^[\w./][^;@(]*[\w\]*/]$/;
