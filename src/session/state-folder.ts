/** The folders of state and cache: what nua-build remembers, and what it can get again. */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { partStem } from "../runs/own-names.ts";

/** Source: XDG Base Directory Specification. */
export function stateFolder(): string {
  const state = process.env.XDG_STATE_HOME || join(process.env.HOME || homedir(), ".local/state");
  return join(state, "nua-build");
}

/** For what can be had again. Source: XDG Base Directory Specification. */
export function cacheFolder(): string {
  const cache = process.env.XDG_CACHE_HOME || join(process.env.HOME || homedir(), ".cache");
  return join(cache, "nua-build");
}

/** Writes a file of it whole, or not at all. @throws an error of the file system */
export async function writeStateFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${partStem(file)}.part`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
