/** What changes in a container while an agent works there, and what the stages after it are told. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { type ChangedPaths, changedFile, changedSchema } from "../protocol/layer-archive.ts";
import { TOOLS } from "../protocol/layout.ts";

/** Names are bytes, which need not be UTF-8: each stands for itself in "latin1". */
export const BYTES = "latin1";

export interface Places {
  /** The folder where layers go. */
  layers: string;
  /** What is watched. */
  root: string;
}

/** @returns what has changed since, whenever it is called */
export function watchPaths(places: Places): () => ChangedPaths {
  const before = listFiles(places);
  return () => {
    const after = listFiles(places);
    const changed = [...after].filter(([path, stamp]) => before.get(path) !== stamp);
    return {
      made: changed.map(([path]) => path).filter((path) => path !== ""),
      gone: [...before.keys()].filter((path) => isGone(path, after)),
    };
  };
}

/** Both changes as one: of the stage below, then of this one. */
export function joinChanges(below: ChangedPaths, own: ChangedPaths): ChangedPaths {
  const isGoneNow = isBelowAny(own.gone);
  const made = new Set(below.made);
  return {
    made: [...new Set([...below.made.filter((path) => !isGoneNow(path)), ...own.made])],
    // What the stage below has made itself was in no layer under it.
    gone: [...new Set([...below.gone, ...own.gone.filter((path) => !made.has(path))])],
  };
}

/** @returns undefined where no stage has told any */
export function readChanges(folder: string, layer: string): ChangedPaths | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, changedFile(layer)), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return v.parse(changedSchema, JSON.parse(text));
}

export function writeChanges(folder: string, layer: string, changes: ChangedPaths): void {
  writeFileSync(join(folder, changedFile(layer)), JSON.stringify(changes));
}

/** Whether a path is one of these, or below it. */
export function isBelowAny(paths: readonly string[]): (path: string) => boolean {
  const all = new Set(paths);
  return (path) => {
    for (let one = path; one !== "" && one !== "."; one = dirname(one)) {
      if (all.has(one)) return true;
    }
    return false;
  };
}

// --- internal ---

/** Docker's, and the agent's own. */
const PASSING = ["/proc", "/sys", "/dev", "/run/nua", TOOLS];

/**
 * Everything that is there, by its path below the root: its type, its number, and the time of its
 * last change of any kind, which no program can set. What is moved gets another number.
 */
function listFiles({ root, layers }: Places): Map<string, string> {
  const skipped = [...passing(root), layers].map(escapePattern);
  const skip = skipped.flatMap((path, index) => [...(index > 0 ? ["-o"] : []), "-path", path]);
  const argv = [root, "(", ...skip, ")", "-prune", "-o", "-printf", "%y %i %C@ %P\\0"];
  const output = execFileSync("find", argv, { maxBuffer: LIST_LIMIT }).toString(BYTES);
  const files = new Map<string, string>();
  for (let begin = 0; begin < output.length; ) {
    const end = output.indexOf("\0", begin);
    const path = output.indexOf(" ", output.indexOf(" ", begin + 2) + 1) + 1;
    files.set(output.slice(path, end), output.slice(begin, path));
    begin = end + 1;
  }
  return files;
}

/** Whether something is no more where its folder still is. */
function isGone(path: string, after: ReadonlyMap<string, string>): boolean {
  if (after.has(path)) return false;
  const folder = dirname(path);
  return after.get(folder === "." ? "" : folder)?.startsWith("d") === true;
}

/** Bytes of a list of names: of millions of files. */
const LIST_LIMIT = 1024 * 1024 * 1024;

/** What is there only while the container runs; other file systems in it, above all. */
function passing(root: string): string[] {
  // Source: proc(5), mountinfo: the fifth field, with spaces and the like in octal.
  const mounted = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .map((path) =>
      path.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((path) => path !== "" && path !== "/" && path !== root);
  return [...PASSING, ...mounted];
}

function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]]/g, "\\$&");
}
