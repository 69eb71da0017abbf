/** Remembers which archives nua-build has written, in the state folder. */
import { readFile, realpath, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { sha256Hex } from "../../lib/digest.ts";
import { CLOCK_TICK, LOCAL_FILE_SYSTEMS } from "../../lib/local-file-systems.ts";
import { type FileIdentity, findFile, isSameIdentity } from "../../lib/regular-file.ts";
import { withLock } from "../../runs/lock.ts";
import { stateFolder, writeStateFile } from "../../session/state-folder.ts";

const writtenSchema = v.object({
  version: v.literal(1),
  /** Path of the archive, for whoever reads this. */
  archive: v.string(),
  /** Of all bytes of the archive, in hexadecimal digits. */
  sha256: v.string(),
  /** Milliseconds since 1970, when the files were looked at. */
  seen: v.number(),
  /** The archive or its parts, and the checksum file. */
  files: v.array(
    v.object({
      /** Without folder. */
      name: v.string(),
      sha256: v.string(),
      identity: v.object({
        device: v.string(),
        inode: v.string(),
        bytes: v.string(),
        modified: v.string(),
        changed: v.string(),
      }),
    }),
  ),
});

/** What was written for one archive. */
export type WrittenFiles = v.InferOutput<typeof writtenSchema>;

export interface NotedFile {
  file: string;
  sha256: string;
  identity?: FileIdentity;
}

/** @returns undefined when nothing is known */
export async function readWritten(target: string): Promise<WrittenFiles | undefined> {
  try {
    return v.parse(writtenSchema, JSON.parse(await readFile(await stateFile(target), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Notes files: as they are now, or were when they were looked at. What cannot be noted will be read again: that is no error.
 * @param written.sha256 of all bytes of the archive
 */
export async function noteWritten(
  target: string,
  written: { sha256: string; files: readonly NotedFile[] },
): Promise<void> {
  try {
    const { sha256 } = written;
    const files = await Promise.all(
      written.files.map(async ({ file, sha256: digest, identity }) => {
        const seen = identity ?? (await findFile(file))?.identity;
        if (seen === undefined) throw new Error(`"${file}" is gone`);
        return { name: basename(file), sha256: digest, identity: seen };
      }),
    );
    await store(target, { version: 1, archive: target, sha256, seen: Date.now(), files });
  } catch {}
}

/**
 * Does work on the files at an archive's names while no other run of this user's does: what one has
 * given a name and not noted yet would be somebody else's to the other.
 */
export async function whileHeld<T>(target: string, work: () => Promise<T>): Promise<T> {
  // Where the folder is not there, the work says so.
  const file = await stateFile(target).catch(() => undefined);
  return file === undefined ? work() : withLock(`${file}.lock`, work);
}

/** So that a later change of a file that is noted then gives it another time. */
export async function waitForClockTick(): Promise<void> {
  await Bun.sleep(CLOCK_TICK);
}

/**
 * Whether a file is the one that was noted, and has not been written to since: as sure as reading
 * it again. That is so where each change of a file sets a time that nobody can set back.
 * @param identity of the file as it is now
 */
export async function isAsWritten(
  written: WrittenFiles,
  file: string,
  identity: FileIdentity,
): Promise<boolean> {
  const noted = written.files.find(({ name }) => name === basename(file));
  if (noted === undefined || !isSameIdentity(noted.identity, identity)) return false;
  const changed = Number(BigInt(identity.changed) / 1_000_000n);
  if (changed + CLOCK_TICK > written.seen) return false;
  const { type } = await statfs(dirname(file));
  return LOCAL_FILE_SYSTEMS.has(Number(type));
}

// --- internal ---

async function stateFile(target: string): Promise<string> {
  const place = join(await realpath(dirname(target)), basename(target));
  const name = `${sha256Hex(new TextEncoder().encode(place))}.json`;
  return join(stateFolder(), "archives", name);
}

async function store(target: string, written: WrittenFiles): Promise<void> {
  await writeStateFile(await stateFile(target), JSON.stringify(written));
}
