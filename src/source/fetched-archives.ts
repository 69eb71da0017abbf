/**
 * Keeps archives of sources that a checksum vouches for, so that a build without changes fetches
 * nothing. What is taken is known by its digest, whoever has written it.
 */
import { constants } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { digestFile } from "../lib/input-file.ts";
import { findFile } from "../lib/regular-file.ts";
import { partStem } from "../runs/own-names.ts";
import { cacheFolder } from "../session/state-folder.ts";
import type { FetchedArchive } from "./fetch-archive.ts";

/** What all of them together may take: the newest stay. */
const MOST_BYTES = 2e9;

/**
 * @param sha256 in hexadecimal
 * @param to the file to make, and how many bytes it may have
 * @returns undefined where it has not been kept
 */
export async function takeKept(
  sha256: string,
  { target, limit }: { target: string; limit: number },
): Promise<FetchedArchive | undefined> {
  const kept = join(folder(), sha256);
  try {
    const found = await findFile(kept);
    if (found === undefined || found.special !== null) return undefined;
    if (Number(found.identity.bytes) > limit) return undefined;
    await copyFile(kept, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    if ((await digestFile(target)) === sha256) {
      const now = new Date();
      await utimes(kept, now, now);
      return { bytes: Number(found.identity.bytes), sha256 };
    }
    await rm(target);
  } catch {
    await rm(target, { force: true });
  }
  return undefined;
}

/** What cannot be kept is fetched again: that is no error. */
export async function keepArchive(file: string, { sha256, bytes }: FetchedArchive): Promise<void> {
  if (bytes > MOST_BYTES) return;
  const kept = join(folder(), sha256);
  const temporary = `${partStem(kept)}.part`;
  try {
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    await copyFile(file, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await rename(temporary, kept);
    await forgetOldest();
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

// --- internal ---

function folder(): string {
  return join(cacheFolder(), "sources");
}

async function forgetOldest(): Promise<void> {
  const names = (await readdir(folder())).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder(), name));
      return { file: join(folder(), name), size, mtimeMs };
    }),
  );
  let left = MOST_BYTES;
  for (const { file, size } of files.sort((one, other) => other.mtimeMs - one.mtimeMs)) {
    left -= size;
    if (left < 0) await rm(file, { force: true });
  }
}
