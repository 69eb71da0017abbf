/** Leftovers in folders: temporary folders and files of this user's runs, found by name. */
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { runOf } from "../runs/own-names.ts";
import { isLeftOver, type Leftover } from "./leftover.ts";

/**
 * Changes nothing. A folder that is missing or cannot be read has nothing to tell.
 * @returns in the order of their names
 */
export async function findInFolder(folder: string): Promise<Leftover[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.sort().map((name) => examine(folder, name)));
  return found.flat();
}

// --- internal ---

async function examine(folder: string, name: string): Promise<Leftover[]> {
  const ofFolder = runOf("folder", name);
  const run = ofFolder ?? runOf("part", name);
  if (run === undefined) return [];
  const path = join(folder, name);
  const info = await lstat(path).catch(() => undefined);
  // Somebody else's, or another kind of thing, is none that we have made.
  if (info === undefined || info.uid !== process.geteuid?.()) return [];
  if (ofFolder === undefined ? !info.isFile() : !info.isDirectory()) return [];
  if (!isLeftOver(run, info.mtimeMs)) return [];
  const remove = () => rm(path, { recursive: true, force: true });
  return [{ kind: ofFolder === undefined ? "file" : "folder", name: path, remove }];
}
