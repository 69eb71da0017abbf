/** Removes what killed runs have left in the folders and the engine that this run uses. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { connectEngine } from "../engine/client.ts";
import { partStem } from "../runs/own-names.ts";
import type { Settings } from "../session/settings.ts";
import { cacheFolder, stateFolder } from "../session/state-folder.ts";
import { findInEngine } from "./engine-leftovers.ts";
import { findInFolder } from "./folder-leftovers.ts";
import type { Leftover } from "./leftover.ts";

type Places = Pick<Settings, "buildDir" | "output" | "engine">;

/** What is left over in the folders that settings name, and in the state's. Changes nothing. */
export async function findInFolders({ buildDir, output }: Places): Promise<Leftover[]> {
  const folders = new Set([
    resolve(buildDir),
    ...(output === "-" ? [] : [await folderOf(resolve(output))]),
    ...["builds", "archives"].map((name) => join(stateFolder(), name)),
    join(cacheFolder(), "sources"),
  ]);
  return (await Promise.all([...folders].map((folder) => findInFolder(folder)))).flat();
}

/**
 * Marks that this run works with an engine. A run that is killed leaves the mark, and the next one
 * knows by it that there may be something in the engine: to ask that each time would take longer
 * than a build without changes.
 * @returns removes the mark
 */
export function markEngine({ engine }: Places): () => void {
  const file = `${partStem(join(marksFolder(), "engine"))}.part`;
  try {
    mkdirSync(marksFolder(), { recursive: true });
    writeFileSync(file, engineAddress(engine), { flag: "wx" });
  } catch {
    // Where no state can be kept, `prune` finds what is in the engine.
  }
  return () => rmSync(file, { force: true });
}

/**
 * What cannot be removed is left for `prune` to tell.
 * @returns whether killed runs have worked with the engine
 */
export async function sweep(places: Places, signal: AbortSignal): Promise<boolean> {
  const inFolders = removeAll(await findInFolders(places));
  const marks = await findMarks(places);
  // Those of an engine that does not answer are for the next run.
  if (marks.length > 0 && (await sweepEngine(places, signal))) await removeAll(marks);
  await inFolders;
  return marks.length > 0;
}

/** @returns whether the engine has answered */
export async function sweepEngine({ engine }: Places, signal: AbortSignal): Promise<boolean> {
  return connectEngine(engine, { signal })
    .then(findInEngine)
    .then(removeAll)
    .then(
      () => true,
      () => false,
    );
}

/** The marks that killed runs have left: see {@link markEngine}. */
export async function findMarks({ engine }: Places): Promise<Leftover[]> {
  const marks = await findInFolder(marksFolder());
  const address = engineAddress(engine);
  const texts = await Promise.all(marks.map(({ name }) => readFile(name, "utf8").catch(() => "")));
  return marks.filter((_, index) => texts[index] === address);
}

// --- internal ---

function marksFolder(): string {
  return join(stateFolder(), "engines");
}

/** What leads a client to its engine. */
function engineAddress(client: string): string {
  const { DOCKER_HOST = "", DOCKER_CONTEXT = "", CONTAINER_HOST = "" } = process.env;
  return JSON.stringify({ client, DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST });
}

/** Where a target goes that is not there yet, or is a file. */
async function folderOf(target: string): Promise<string> {
  const info = await stat(target).catch(() => undefined);
  return info?.isDirectory() ? target : dirname(target);
}

async function removeAll(leftovers: readonly Leftover[]): Promise<void> {
  await Promise.all(leftovers.map(({ remove }) => remove().catch(() => {})));
}
