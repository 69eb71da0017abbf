/** What a build was made from, kept beside the user's other state until the next one. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { partStem } from "../leftovers/own-names.ts";
import { stateFolder } from "../leftovers/state-folder.ts";

const recordSchema = v.object({
  version: v.literal(2),
  /** Milliseconds since 1970: when the inputs were looked at. */
  begun: v.number(),
  /** Digests of everything that is no file of the app's: the tool, the plan, the orders. */
  parts: v.record(v.string(), v.string()),
  /** See file-listing.ts. */
  files: v.string(),
  /** Ids of the images below, by tag; null where the engine holds none of that tag. */
  images: v.record(v.string(), v.nullable(v.string())),
});

export type BuildInputs = v.InferOutput<typeof recordSchema>;

const storedSchema = v.object({ inputs: recordSchema, imageId: v.string() });

/** The inputs of a build, and the image that came out of it. */
export type BuildRecord = v.InferOutput<typeof storedSchema>;

/**
 * @param root the app's folder
 * @returns undefined when there is none that this version reads
 */
export async function readRecord(root: string, tag: string): Promise<BuildRecord | undefined> {
  try {
    return v.parse(storedSchema, JSON.parse(await readFile(recordFile(root, tag), "utf8")));
  } catch {
    // Missing, of another version, or damaged: then the build is done.
    return undefined;
  }
}

/** @throws an error of the file system */
export async function writeRecord(root: string, tag: string, record: BuildRecord): Promise<void> {
  const file = recordFile(root, tag);
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${partStem(file)}.part`;
  try {
    await writeFile(temporary, JSON.stringify(record));
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

export function digestOf(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return createHash("sha256").update(text).digest("hex");
}

// --- internal ---

function recordFile(root: string, tag: string): string {
  return join(stateFolder(), "builds", `${digestOf(`${root}\0${tag}`)}.json`);
}
