/**
 * Packs what has changed in the container as an image layer (OCI Image Format Specification, "Image
 * Layer Filesystem Changeset"). nua-build makes the image from it: the engine would have to hand
 * out the whole image for what is often one small file of it.
 */
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { AgentInput, PackedPaths } from "../protocol/agent-input.ts";
import type { MissingExchange } from "../protocol/exchanges.ts";
import {
  LAYERS_FOLDER,
  type LayerFacts,
  layerFiles,
  PRUNED_FOLDER,
} from "../protocol/layer-archive.ts";
import {
  BYTES,
  isBelowAny,
  joinChanges,
  type Places,
  readChanges,
  watchPaths,
  writeChanges,
} from "./changed-paths.ts";

export interface LayerWatch {
  /**
   * Packs what has changed since the watch began; of a stage that is for the build alone nothing, of
   * the one where it is pruned, or else of the app's, what is left of both.
   * @param layer its name, for the names of the files
   * @param told what it lacks, and what there is to warn of
   * @throws Error when find or tar fail
   */
  pack(layer: AgentInput["layer"], told?: Told): Promise<LayerFacts>;
}

interface Told {
  missing?: readonly MissingExchange[];
  warnings?: readonly string[];
  /** Without it, all that has changed is packed. */
  packed?: PackedPaths;
}

/** @param places for tests; `pruned`: see {@link PRUNED_FOLDER} */
export async function watchLayer(
  places: Places & { pruned: string } = {
    ...{ layers: LAYERS_FOLDER, root: "/", pruned: PRUNED_FOLDER },
  },
): Promise<LayerWatch> {
  const { layers, root, pruned } = places;
  const work = join(layers, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const findChanges = await watchPaths(places);
  return {
    async pack(layer, { missing = [], warnings = [], packed = ALL } = {}) {
      const own = await findChanges();
      const left = layer === "app" ? readChanges(pruned, "dependencies") : undefined;
      const isLast = layer === "dependencies" || (layer === "app" && left === undefined);
      const below = isLast ? readChanges(layers, "development") : undefined;
      const changes = below === undefined ? own : joinChanges(below, own);
      const isHandedOn = layer === "dependencies" && below !== undefined;
      if (layer === "development" || isHandedOn) writeChanges(layers, layer, own);
      // The app is built upon what no layer of the image has.
      const isPacked =
        layer === "development" ? () => false : packedPaths(packed, left?.gone ?? []);
      const made = [...changes.added, ...changes.changed];
      const paths = withFolders(made.filter(isPacked));
      const tar = join(layers, layerFiles(layer).tar);
      const lists = writeLists({ work, root, paths, gone: changes.gone.filter(isPacked) });
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

const ALL: PackedPaths = { keep: null, omit: [] };

/** Tells of a path below the root whether it goes into the layer. */
function packedPaths(
  { keep, omit }: PackedPaths,
  removed: readonly string[],
): (path: string) => boolean {
  const bytes = (path: string) => Buffer.from(path.replace(/^\/+/, "")).toString(BYTES);
  const isKept = keep === null ? () => true : isBelowAny(keep.map(bytes));
  const isOmitted = isBelowAny([...omit.map(bytes), ...removed]);
  return (path) => isKept(path) && !isOmitted(path);
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
  const tar = Bun.spawn(["tar", ...TAR_WORDS, "--file=-", ...lists], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const hash = new Bun.CryptoHasher("sha256");
  let bytes = 0;
  const handle = openSync(file, "w");
  try {
    for await (const chunk of tar.stdout) {
      hash.update(chunk);
      bytes += chunk.length;
      writeFileSync(handle, chunk);
    }
  } finally {
    closeSync(handle);
  }
  const status = await tar.exited;
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
