/** The record of a build's inputs, kept in the state folder until the next build. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { stateFolder, writeStateFile } from "../session/state-folder.ts";

const recordSchema = v.object({
  version: v.literal(3),
  /** Digests of everything that is no file of the app's: the tool, the plan, the agent's input. */
  parts: v.record(v.string(), v.string()),
  /** See file-listing.ts. */
  files: v.string(),
  /** Ids of the images below, by tag; null where the engine holds none of that tag. */
  images: v.record(v.string(), v.nullable(v.string())),
});

export type BuildInputs = v.InferOutput<typeof recordSchema>;

const storedSchema = v.object({
  inputs: recordSchema,
  imageId: v.string(),
  /** Under which name the builder was sent the files: see context-name.ts. */
  contextName: v.string(),
  /** What was told of the build, and is true of its image as long as that is there. */
  warnings: v.array(v.object({ layer: v.string(), text: v.string() })),
});

/** The inputs of a build, the image that came out of it, and what is to be known of that. */
export type BuildRecord = v.InferOutput<typeof storedSchema>;

/**
 * @param place what tells the app from others: its folder, or the address that it is from
 * @returns undefined when there is none that this version reads
 */
export async function readRecord(place: string, tag: string): Promise<BuildRecord | undefined> {
  try {
    return v.parse(storedSchema, JSON.parse(await readFile(recordFile(place, tag), "utf8")));
  } catch {
    // Missing, of another version, or damaged: then the build is done.
    return undefined;
  }
}

/** @throws an error of the file system */
export async function writeRecord(place: string, tag: string, record: BuildRecord): Promise<void> {
  await writeStateFile(recordFile(place, tag), JSON.stringify(record));
}

/** A file about the builds of an app. @param kind the end of its name */
export function buildFile(place: string, tag: string, kind: string): string {
  return join(stateFolder(), "builds", `${digestOf(`${place}\0${tag}`)}.${kind}`);
}

export function digestOf(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return createHash("sha256").update(text).digest("hex");
}

// --- internal ---

function recordFile(place: string, tag: string): string {
  return buildFile(place, tag, "json");
}
