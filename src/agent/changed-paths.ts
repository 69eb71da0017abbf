/** What changes in a container while an agent works there, and what the stages after it are told. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { type ChangedPaths, changedFile, changedSchema } from "../protocol/layer-archive.ts";
import { SCRATCH, TOOLS } from "../protocol/layout.ts";

/** Names are bytes, which need not be UTF-8: each stands for itself in "latin1". */
export const BYTES = "latin1";

export interface Places {
  /** The folder where layers go. */
  layers: string;
  /** What is watched. */
  root: string;
}

export interface Changes extends ChangedPaths {
  isThere(path: string): boolean;
}

/** @returns what has changed since, whenever it is called */
export async function watchPaths(places: Places): Promise<() => Promise<Changes>> {
  const before = await listFiles(places);
  return async () => {
    const after = await listFiles(places);
    const differing = compare(before, after);
    const made = differing.made.map(pathOf).filter((path) => !after.mounted.has(path));
    const left = new Set(differing.left.map(pathOf).filter((path) => !before.mounted.has(path)));
    const now = new Set(made);
    const gone = [...left].filter((path) => !now.has(path));
    let paths: Set<string> | undefined;
    return {
      added: made.filter((path) => path !== "" && !left.has(path)),
      changed: made.filter((path) => path !== "" && left.has(path)),
      gone: goneFrom(gone, after.records),
      isThere(path) {
        paths ??= new Set(after.records.map(pathOf));
        return paths.has(path) && !after.mounted.has(path);
      },
    };
  };
}

/** Both changes as one: of the stage below, then of this one. */
export function joinChanges(below: ChangedPaths, own: Changes): ChangedPaths {
  const { isThere } = own;
  const added = new Set(below.added);
  const gone = [...below.gone, ...own.gone].filter((path) => !isThere(path) && !added.has(path));
  const isBelowGone = isBelowAny(gone);
  const once = (paths: readonly string[]) => [...new Set(paths)].filter(isThere);
  return {
    added: once([...below.added, ...own.added]),
    changed: once([...below.changed, ...own.changed]),
    // The mark of a folder is one of all that it had.
    gone: [...new Set(gone)].filter((path) => !isBelowGone(dirname(path))),
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

export function writeChanges(
  folder: string,
  layer: string,
  { added, changed, gone }: ChangedPaths,
): void {
  const changes: ChangedPaths = { added, changed, gone };
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
const PASSING = ["proc", "sys", "dev", "run/nua", SCRATCH.slice(1), TOOLS.slice(1)];

interface Listing {
  /**
   * A record of everything that is there: its type, its number, the time of its last change of any
   * kind, which no program can set, and its path below the root. What is moved gets another number.
   */
  records: readonly string[];
  /** What only passes, single files that are mounted among it: records may name those. */
  mounted: ReadonlySet<string>;
}

async function listFiles(places: Places): Promise<Listing> {
  const passing = passingPaths(places);
  const hasHalf = existsSync(join(places.root, HALF));
  const lists = await Promise.all([
    find(places.root, { from: ".", skipped: [...passing, ...(hasHalf ? [HALF] : [])] }),
    hasHalf ? find(places.root, { from: HALF, skipped: passing }) : "",
  ]);
  const records = lists.flatMap((list) => list.split("\0").slice(0, -1));
  return { records, mounted: new Set(passing) };
}

/** Records that only one of the two lists has. */
function compare(before: Listing, after: Listing): { made: string[]; left: string[] } {
  const left = new Set(before.records);
  const made = after.records.filter((record) => !left.delete(record));
  return { made, left: [...left] };
}

/** It is looked through beside the rest: there is about as much of it. */
const HALF = "usr";

/** @param folders relative to the root, as all paths here are */
async function find(
  root: string,
  folders: { from: string; skipped: readonly string[] },
): Promise<string> {
  const { from, skipped } = folders;
  const below = from === "." ? "./" : "";
  const skip = skipped.flatMap((path, index) => [
    ...(index > 0 ? ["-o"] : []),
    ...["-path", `${below}${escapePattern(path)}`],
  ]);
  const argv = [
    // Patterns take longer than all the rest: most of what is there is no folder.
    ...[from, "-ignore_readdir_race", "-type", "d", "(", ...skip, ")", "-prune", "-o"],
    ...["-printf", `%y %i %C@ ${from === "." ? "%P" : "%p"}\\0`],
  ];
  // What node:child_process and its streams take is more than find itself does.
  const child = Bun.spawn(["find", ...argv], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [list, said] = await Promise.all([child.stdout.bytes(), child.stderr.text()]);
  const status = await child.exited;
  if (status !== 0) throw new Error(`List "${root}": find exited with status ${status}: ${said}`);
  return Buffer.from(list.buffer, list.byteOffset, list.byteLength).toString(BYTES);
}

function pathOf(record: string): string {
  return record.slice(record.indexOf(" ", record.indexOf(" ", 2) + 1) + 1);
}

/** Those that are no more where their folder still is. */
function goneFrom(paths: readonly string[], after: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const above = (path: string) => (dirname(path) === "." ? "" : dirname(path));
  const asked = new Set(paths.map(above));
  const folders = after
    .filter((record) => record.startsWith("d"))
    .map(pathOf)
    .filter((path) => asked.has(path));
  const there = new Set(folders);
  return paths.filter((path) => there.has(above(path)));
}

/** What is there only while the container runs, below the root: other file systems, above all. */
function passingPaths({ root, layers }: Places): string[] {
  // Source: proc(5), mountinfo: the fifth field, with spaces and the like in octal.
  const mounted = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .map((path) =>
      path.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
  const top = root.endsWith("/") ? root : `${root}/`;
  const below = [...mounted, layers].filter((path) => path.startsWith(top) && path !== root);
  return [...PASSING, ...below.map((path) => path.slice(top.length))];
}

function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]]/g, "\\$&");
}
