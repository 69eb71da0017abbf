/** Opens a bundle, or a chain of difference bundles: verified, with access to its blobs. */
import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { diskError, ensureFreeSpace } from "../../images/archive/disk.ts";
import { archiveError } from "../../lib/archive-error.ts";
import { BLOBS_FOLDER } from "../../protocol/exchanges.ts";
import { attemptOn, type BundleFile, bundleChunks, type SourceOptions } from "./bundle-file.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { listNeeds, type Need } from "./list-items.ts";
import { orderFiles } from "./order-files.ts";
import { readBundle } from "./read-bundle.ts";
import type { OlderBundle } from "./write-bundle.ts";

export interface OpenOptions extends SourceOptions {
  /** Where blobs go, below BLOBS_FOLDER; without it they are verified only. */
  folder?: string | undefined;
  /**
   * Which blobs are wanted there; without it all that are needed. Asked before anything is
   * verified: what it is told may still turn out to be damaged.
   */
  choose?: ((index: BundleIndex) => Promise<ReadonlySet<string>>) | undefined;
}

export interface OpenedBundle {
  /** The oldest first. */
  files: BundleFile[];
  /** Of the newest, which tells everything of the whole. */
  index: BundleIndex;
  /** The bytes of each blob that is in one of the files, by digest. */
  blobs: ReadonlyMap<string, number>;
  /** Where a blob was put; undefined when it was not wanted. */
  blobFile(sha256: string): string | undefined;
  /** What is needed and in none of the files. */
  absent: Need[];
}

/**
 * Reads each file to its end.
 * @param files in any order
 * @throws NuaError (archive) when a file is damaged, (input) when one that is needed was not
 *   given, or they do not belong together
 * @throws the signal's reason; no blob is left then, as after any error
 */
export async function openBundle(
  files: readonly string[],
  options: OpenOptions,
): Promise<OpenedBundle> {
  const chain = await orderFiles(files, options);
  const newest = chain.at(-1)!;
  const needs = listNeeds(newest.index);
  const wanted = (await options.choose?.(newest.index)) ?? new Set(needs.keys());
  const folder = options.folder === undefined ? undefined : join(options.folder, BLOBS_FOLDER);
  const made = new Set<string>();
  try {
    if (folder !== undefined) await makeFolder(folder, { chain, wanted });
    let before = 0;
    for (const front of chain) {
      const attempt = attemptOn(front.file);
      const extraction = folder === undefined ? undefined : extractTo(folder, wanted, made);
      const source = bundleChunks(front.file, options, before);
      const { id } = await readBundle(source, { attempt, extraction });
      if (id !== front.id) throw archiveError({ attempt }, "it changes while it is read");
      before += Bun.file(front.file).size;
    }
  } catch (error) {
    for (const path of made) await rm(path, { force: true });
    throw error;
  }
  const blobs = blobSizes(chain);
  return {
    files: chain,
    index: newest.index,
    blobs,
    blobFile: (sha256) => {
      const path = join(folder ?? "", sha256);
      return made.has(path) ? path : undefined;
    },
    absent: [...needs.values()].filter(({ sha256 }) => !blobs.has(sha256)),
  };
}

/**
 * One file for itself, which may be a difference bundle or a request as well: verified only.
 * What is absent is in no bundle that it knows of.
 * @throws NuaError (archive) when it is damaged
 */
export async function verifyBundle(
  file: string,
  options: SourceOptions,
): Promise<BundleFile & { absent: Need[] }> {
  const read = await readBundle(bundleChunks(file, options), { attempt: attemptOn(file) });
  const { blobs, since } = read.index;
  const known = new Set([...blobs.map(({ sha256 }) => sha256), ...(since?.absent ?? [])]);
  // An image of which not even the config is there was left out on purpose: it travels apart.
  const images = read.index.images.filter(({ config }) => known.has(config));
  const needs = [...listNeeds({ ...read.index, images }).values()];
  return { file, ...read, absent: needs.filter(({ sha256 }) => !known.has(sha256)) };
}

/** What a difference bundle on top of it needs to know. */
export function olderBundle({ files, blobs }: Pick<OpenedBundle, "files" | "blobs">): OlderBundle {
  const { id, file } = files.at(-1)!;
  return { index: id, name: basename(file), blobs: new Set(blobs.keys()) };
}

// --- internal ---

async function makeFolder(
  folder: string,
  { chain, wanted }: { chain: readonly BundleFile[]; wanted: ReadonlySet<string> },
): Promise<void> {
  const attempt = attemptOn(chain.at(-1)!.file);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw diskError(attempt, folder, cause);
  });
  const sizes = blobSizes(chain);
  const bytes = [...wanted].reduce((sum, sha256) => sum + (sizes.get(sha256) ?? 0), 0);
  await ensureFreeSpace(folder, bytes, attempt);
}

function blobSizes(chain: readonly BundleFile[]): Map<string, number> {
  return new Map(
    chain.flatMap(({ index }) => index.blobs.map(({ sha256, bytes }) => [sha256, bytes])),
  );
}

function extractTo(folder: string, wanted: ReadonlySet<string>, made: Set<string>) {
  return {
    folder,
    // What two files hold is the same in both.
    wanted: (sha256: string) => wanted.has(sha256) && !made.has(join(folder, sha256)),
    onFile: (path: string) => void made.add(path),
  };
}
