/** Checks the folders that builds write to. */
import { access, constants, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { STANDARD_OUTPUT } from "../images/transfer/target.ts";
import { formatBytes } from "../lib/format.ts";
import type { Settings } from "../session/settings.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

export async function checkPlaces({ buildDir, output }: Settings): Promise<Finding[]> {
  const places = [
    checkPlace("build folder", resolve(buildDir), "NUA_BUILD_DIR"),
    ...(output === STANDARD_OUTPUT
      ? []
      : [checkPlace("archive folder", await folderOf(resolve(output)), "NUA_OUTPUT")]),
  ];
  return Promise.all(places);
}

/**
 * Whether a file system has room.
 * @param wanted bytes below which there is too little
 * @param hint what makes room
 */
export async function checkFree(
  name: string,
  place: string,
  wanted: number,
  hint: string,
): Promise<Finding> {
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const told = `${formatBytes(free)} free in "${place}"`;
  if (free >= wanted) return ok(name, told);
  if (free >= wanted / LITTLE) return warn(name, `${told}: little`, hint);
  return fail(name, `${told}: too little`, hint);
}

// --- internal ---

/** Bytes that the archive of an app takes. */
const ARCHIVE_SPACE = 1e9;

/** What part of the bytes wanted may do for a small app. */
const LITTLE = 4;

async function checkPlace(name: string, place: string, variable: string): Promise<Finding> {
  const other = `make room there, or name another folder with ${variable}`;
  try {
    await access(place, constants.W_OK);
    return await checkFree(name, place, ARCHIVE_SPACE, other);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(name, `"${place}" cannot be written to: ${reason}`, other);
  }
}

/** Where a target goes that is not there yet, or is a file. */
async function folderOf(target: string): Promise<string> {
  const info = await stat(target).catch(() => undefined);
  return info?.isDirectory() ? target : dirname(target);
}
