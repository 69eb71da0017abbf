/** Pure: files in which git has left a conflict: nobody but their writer can tell what they mean. */
import { NuaError } from "../lib/errors.ts";

/**
 * @param hint what mends it
 * @throws NuaError (input) for a text with the marks of a conflict
 */
export function rejectConflict(file: string, text: string, hint = RESOLVE): void {
  const found = CONFLICT.exec(text);
  if (found === null) return;
  throw new NuaError("input", `Read "${file}": git has left a merge conflict in it`, {
    ...{ file, hint },
    position: { line: text.slice(0, found.index).split("\n").length, column: 1 },
  });
}

// --- internal ---

/** The first and the last of the marks: lines of equals signs also underline titles. */
const CONFLICT = /^(?:<{7}|>{7})(?: |\r?$)/m;

const RESOLVE = "resolve the conflict";
