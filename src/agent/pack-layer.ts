/**
 * What has changed in the container, as the tar file of an image layer (OCI Image Format
 * Specification, "Image Layer Filesystem Changeset"). nua-build makes the image from it: the
 * engine would have to hand out the whole image for what is often one small file of it.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  BELOW_FOLDER,
  LAYERS_FOLDER,
  type LayerFacts,
  layerFiles,
} from "../shared/layer-archive.ts";

export interface LayerWatch {
  /**
   * Packs what has changed since the watch began.
   * @param layer its name, for the names of the files
   * @throws Error when find or tar fail
   */
  pack(layer: string): LayerFacts;
}

/** @param folders where the layers go, and where the image below is: for tests */
export function watchLayer(
  folders = { layers: LAYERS_FOLDER, below: BELOW_FOLDER, root: "/" },
): LayerWatch {
  const work = join(folders.layers, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const mark = join(work, "begin");
  writeFileSync(mark, "");
  // Changes within the same tick of the file system's clock count as later.
  const begin = Date.now() / 1000 - CLOCK_TICK;
  utimesSync(mark, begin, begin);
  return {
    pack(layer) {
      const touched = findChanges(mark, folders);
      const inFolders = touched
        .filter(({ isFolder }) => isFolder)
        .map(({ path }) => compareFolder(path, folders));
      const moved = inFolders.flatMap((found) => found.moved);
      const changed = [...touched.map(({ path }) => path), ...moved];
      const gone = inFolders.flatMap((found) => found.gone);
      const tar = join(folders.layers, layerFiles(layer).tar);
      writeTar(tar, { work, root: folders.root, paths: withFolders(changed), gone });
      const facts = { version: 1 as const, ...digestFile(tar) };
      writeFileSync(join(folders.layers, layerFiles(layer).facts), JSON.stringify(facts));
      rmSync(work, { recursive: true });
      return facts;
    },
  };
}

// --- internal ---

interface Folders {
  layers: string;
  below: string;
  root: string;
}

/** Names are bytes, which need not be UTF-8: each stands for itself in "latin1". */
const BYTES = "latin1";

/** Seconds. */
const CLOCK_TICK = 0.02;

/** Docker's, and the agent's own. */
const PASSING = ["/proc", "/sys", "/dev", "/run/nua"];

interface Change {
  /** Relative to the root; empty for the root itself. */
  path: string;
  isFolder: boolean;
}

/** By the time of the last change of any kind, which no program can set. */
function findChanges(mark: string, { root, layers, below }: Folders): Change[] {
  const skipped = [...passing(root), layers, below].map(escapePattern);
  const skip = skipped.flatMap((path, index) => [...(index > 0 ? ["-o"] : []), "-path", path]);
  const changed = ["-cnewer", mark, "-printf", "%y%P\\0"];
  const argv = [root, "(", ...skip, ")", "-prune", "-o", ...changed];
  const output = execFileSync("find", argv, { maxBuffer: LIST_LIMIT });
  return output
    .toString(BYTES)
    .split("\0")
    .slice(0, -1)
    .map((entry) => ({ path: entry.slice(1), isFolder: entry.startsWith("d") }));
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

/**
 * What a changed folder had in the image below and has no more; and all that is in one that was
 * not there below: where it was moved from elsewhere, its files leave no trace in their own times.
 */
function compareFolder(
  folder: string,
  { root, below }: Folders,
): { gone: string[]; moved: string[] } {
  const isOther = folder !== "" && !isSameFolder(join(root, folder), join(below, folder));
  const moved = isOther ? findAll(folder, root, new Set(passing(root))) : [];
  const isHere = new Set(namesIn(join(root, folder)));
  const gone = namesIn(join(below, folder)).filter((name) => !isHere.has(name));
  return { gone: gone.map((name) => join(folder, name)), moved };
}

/** Whether it is one and the same folder, seen from two places: its number stays when it changes. */
function isSameFolder(one: string, other: string): boolean {
  const [a, b] = [inspect(one), inspect(other)];
  return b?.isDirectory() === true && a?.ino === b.ino;
}

function inspect(path: string): BigIntStats | undefined {
  return lstatSync(Buffer.from(path, BYTES), { bigint: true, throwIfNoEntry: false });
}

/** Everything in a folder; nothing for a file. */
function findAll(path: string, root: string, skipped: ReadonlySet<string>): string[] {
  if (inspect(join(root, path))?.isDirectory() !== true) return [];
  return namesIn(join(root, path))
    .map((name) => join(path, name))
    .filter((inner) => !skipped.has(join(root, inner)))
    .flatMap((inner) => [inner, ...findAll(inner, root, skipped)]);
}

function namesIn(folder: string): string[] {
  try {
    const names = readdirSync(Buffer.from(folder, BYTES), { encoding: "buffer" });
    return names.map((name) => name.toString(BYTES));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

/** With the folders on the way to them: engines would make those up. In the order of their bytes. */
function withFolders(changed: readonly string[]): string[] {
  const paths = new Set<string>();
  for (const path of changed) {
    for (let one = path; one !== "" && one !== "." && !paths.has(one); one = dirname(one)) {
      paths.add(one);
    }
  }
  return [...paths].sort((one, other) => (one < other ? -1 : 1));
}

interface TarRequest {
  work: string;
  root: string;
  paths: readonly string[];
  gone: readonly string[];
}

function writeTar(file: string, { work, root, paths, gone }: TarRequest): void {
  const whiteouts = join(work, "whiteouts");
  const marks = gone.map((path) => join(dirname(path), `.wh.${basename(path)}`)).sort();
  for (const mark of marks) {
    const at = join(whiteouts, mark);
    mkdirSync(Buffer.from(dirname(at), BYTES), { recursive: true });
    writeFileSync(Buffer.from(at, BYTES), "");
  }
  const folders = withFolders(gone.map((path) => dirname(path)));
  const all = [...new Set([...folders, ...paths])].sort((one, other) => (one < other ? -1 : 1));
  const lists = [
    ["-C", root, "-T", writeList(join(work, "paths"), all)],
    ...(marks.length === 0 ? [] : [["-C", whiteouts, "-T", writeList(join(work, "gone"), marks)]]),
  ];
  execFileSync("tar", [...TAR_WORDS, "--file", file, ...lists.flat()], {
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** Nothing in it depends on when, or by which process, it is written. */
const TAR_WORDS = [
  ...["--create", "--null", "--no-recursion", "--numeric-owner", "--sort=none", "--format=pax"],
  "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime,delete=mtime",
  // Capabilities of programs are all that engines keep.
  ...["--xattrs", "--xattrs-include=security.capability"],
];

function writeList(file: string, paths: readonly string[]): string {
  writeFileSync(file, Buffer.from(paths.map((path) => `${path}\0`).join(""), BYTES));
  return file;
}

function digestFile(file: string): { diffId: string; bytes: number } {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(1024 * 1024);
  const handle = openSync(file, "r");
  let bytes = 0;
  try {
    for (let read = -1; read !== 0; bytes += read) {
      read = readSync(handle, buffer);
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
  return { diffId: `sha256:${hash.digest("hex")}`, bytes };
}
