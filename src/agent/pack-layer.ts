/**
 * Packs what has changed in the container as an image layer (OCI Image Format Specification, "Image
 * Layer Filesystem Changeset"). nua-build makes the image from it: the engine would have to hand
 * out the whole image for what is often one small file of it.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PackedPaths } from "../protocol/agent-input.ts";
import type { MissingExchange } from "../protocol/exchanges.ts";
import { LAYERS_FOLDER, type LayerFacts, layerFiles } from "../protocol/layer-archive.ts";

export interface LayerWatch {
  /**
   * Packs what has changed since the watch began.
   * @param layer its name, for the names of the files
   * @param told what it lacks, and what there is to warn of
   * @throws Error when find or tar fail
   */
  pack(layer: string, told?: Told): Promise<LayerFacts>;
}

interface Told {
  missing?: readonly MissingExchange[];
  warnings?: readonly string[];
  /** Without it, all that has changed is packed. */
  packed?: PackedPaths;
}

/** @param places where the layers go, and what is watched: for tests */
export function watchLayer(places = { layers: LAYERS_FOLDER, root: "/" }): LayerWatch {
  const { layers, root } = places;
  const work = join(layers, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const before = listFiles(places);
  return {
    async pack(layer, { missing = [], warnings = [], packed = ALL } = {}) {
      const after = listFiles(places);
      const changed = [...after].filter(([path, stamp]) => before.get(path) !== stamp);
      const isPacked = packedPaths(packed);
      const paths = changed.map(([path]) => path).filter((path) => path !== "" && isPacked(path));
      const gone = [...before.keys()].filter((path) => isPacked(path) && isGone(path, after));
      const tar = join(layers, layerFiles(layer).tar);
      const lists = writeLists({ work, root, paths: withFolders(paths), gone });
      const facts: LayerFacts = {
        ...{ version: 1, ...(await writeTar(tar, lists)) },
        ...{ missing: [...missing], warnings: [...warnings] },
      };
      writeFileSync(join(layers, layerFiles(layer).facts), JSON.stringify(facts));
      rmSync(work, { recursive: true });
      return facts;
    },
  };
}

// --- internal ---

interface Places {
  layers: string;
  root: string;
}

const ALL: PackedPaths = { keep: null, omit: [] };

/** Tells of a path below the root whether it goes into the layer. */
function packedPaths({ keep, omit }: PackedPaths): (path: string) => boolean {
  const bytes = (path: string) => Buffer.from(path.replace(/^\/+/, "")).toString(BYTES);
  const kept = keep?.map(bytes);
  const omitted = omit.map(bytes);
  const isBelow = (path: string) => (folder: string) =>
    path === folder || path.startsWith(`${folder}/`);
  return (path) => (kept?.some(isBelow(path)) ?? true) && !omitted.some(isBelow(path));
}

/** Names are bytes, which need not be UTF-8: each stands for itself in "latin1". */
const BYTES = "latin1";

/** Docker's, and the agent's own. */
const PASSING = ["/proc", "/sys", "/dev", "/run/nua"];

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

/** @returns the words that tell tar what to pack */
function writeLists({ work, root, paths, gone }: TarRequest): string[] {
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
  return lists.flat();
}

/** What tar writes is digested on its way to the file: a layer may be large. */
async function writeTar(
  file: string,
  lists: readonly string[],
): Promise<Pick<LayerFacts, "diffId" | "bytes">> {
  const tar = spawn("tar", [...TAR_WORDS, "--file=-", ...lists], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const hash = createHash("sha256");
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const [[status]] = await Promise.all([
    once(tar, "close"),
    pipeline(tar.stdout, count, createWriteStream(file)),
  ]);
  if (status !== 0) throw new Error(`Pack layer "${file}": tar exited with status ${status}`);
  return { diffId: `sha256:${hash.digest("hex")}`, bytes };
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
