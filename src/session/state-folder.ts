/** The state folder: what nua-build remembers from one run to the next. */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { partStem } from "../runs/own-names.ts";

/** Source: XDG Base Directory Specification. */
export function stateFolder(): string {
  const state = process.env.XDG_STATE_HOME || join(process.env.HOME || homedir(), ".local/state");
  return join(state, "nua-build");
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
