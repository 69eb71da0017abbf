/** A lock file, held by one run at a time. */
import { mkdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import { randomHex } from "../lib/random-hex.ts";
import { currentRun, stateOfRun } from "./run.ts";

/** Milliseconds after which a run goes on all the same: who holds it so long is stuck. */
const PATIENCE = 60_000;
const PAUSE = 10;

/**
 * Does work while no other run of this user's, and no other work of this run, holds the lock. The
 * lock of a run that was killed is nobody's. Where no lock can be made, the work is done without.
 * @param file path of the lock: a link that leads nowhere and says whose it is, since a link is
 *   made whole or not at all
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const mark = `${currentRun()}.${randomHex(6)}`;
  const isHeld = await acquire(file, mark);
  try {
    return await work();
  } finally {
    if (isHeld) await release(file, mark);
  }
}

// --- internal ---

async function acquire(file: string, mark: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 }).catch(() => {});
  for (const end = Date.now() + PATIENCE; Date.now() < end; await Bun.sleep(PAUSE)) {
    try {
      await symlink(mark, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
    const holder = await readlink(file).catch(() => "");
    if (stateOfRun(holder.split(".")[0] ?? "") === "dead") await release(file, holder);
  }
  return false;
}

/** Only if it is still that one: another run may have found it dead, and taken it. */
async function release(file: string, mark: string): Promise<void> {
  if ((await readlink(file).catch(() => undefined)) === mark) await rm(file, { force: true });
}
