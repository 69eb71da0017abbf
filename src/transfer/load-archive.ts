/** An archive of any layout and compression -> an image of the engine. */
import { join } from "node:path";
import { ArchiveOutput } from "../archive/archive-output.ts";
import { openArchive } from "../archive/open-archive.ts";
import { type ArchiveSummary, readArchive } from "../archive/read-archive.ts";
import { StreamDestination } from "../archive/stream-destination.ts";
import { type ImageRequest, writeImage } from "../archive/write-archive.ts";
import type { Engine, ImageFacts } from "../engine/engine.ts";
import { NuaError } from "../shared/errors.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

export interface LoadedImage {
  tag: string;
  image: ImageFacts;
}

/**
 * Verifies the archive before the engine sees any of it, and reads the image back afterwards.
 * @throws NuaError (archive) when it is damaged, (input) when it is thin and the engine does not
 *   hold what it needs, (engine) when the engine refuses it
 */
export async function loadArchive(file: string, world: World): Promise<LoadedImage> {
  const summary = await readArchive(file);
  const tag = tagOf(summary, file);
  const engine = await world.engine();
  await ensureNeeds(summary, file, engine);
  world.report.step(`Load ${tag}`);
  const leftOut = summary.needs.flatMap(({ layers }) => layers.map(({ digest }) => digest));
  const [needed] = summary.needs;
  const order: Order = { file, tag, summary };
  if (needed === undefined) await feedEngine(order, {}, world);
  else {
    const thin = { tag: needed.tag, diffIds: leftOut };
    // Docker takes an archive without layers that it holds; other engines want all of them.
    await feedEngine(order, { thin }, world).catch(async (error) => {
      if (!(error instanceof NuaError) || error.code !== "engine") throw error;
      world.report.detail(`The engine wants every layer: ${error.message}`);
      await feedEngine(order, { bases: [engine.save(needed.tag)] }, world);
    });
  }
  return { tag, image: await readBack(order, engine) };
}

// --- internal ---

interface Order {
  file: string;
  tag: string;
  summary: ArchiveSummary;
}

function tagOf({ tags, labels }: ArchiveSummary, file: string): string {
  const tag = tags[0] ?? labels.NUA_TAG;
  if (tag !== undefined) return tag;
  throw new NuaError("input", `Load archive "${file}": it gives its image no tag`, {
    file,
    hint: "save the image by its tag, not by its id",
  });
}

async function ensureNeeds({ needs }: ArchiveSummary, file: string, engine: Engine): Promise<void> {
  for (const { tag, layers } of needs) {
    const base = await engine.findImage(tag);
    const isThere = layers.every(({ digest }) => base?.diffIds.includes(digest));
    if (isThere) continue;
    const problem = base === undefined ? "is not in the engine" : "is another one in the engine";
    throw new NuaError("input", `Load thin archive "${file}": its base image ${tag} ${problem}`, {
      file,
      hint: `where the archive was made: nua-build save ${tag}; here: nua-build load ${tag}.tar`,
    });
  }
}

/** Whatever the archive's layout, the engine gets the one that all of them read. */
async function feedEngine(
  { file, tag, summary }: Order,
  parts: Pick<ImageRequest, "thin" | "bases">,
  world: World,
): Promise<void> {
  const engine = await world.engine();
  const attempt = `Load archive "${file}"`;
  const { chunks } = await openArchive(file, attempt);
  await using folder = await createTempFolder(world.settings.buildDir);
  await using loading = engine.startLoading();
  const destination = new StreamDestination(loading.stdin);
  const place = { destination, stem: join(folder.path, "archive"), attempt };
  await using output = new ArchiveOutput(place);
  const diffIds = summary.layers.map(({ digest }) => digest);
  const request = { source: chunks, expect: { tag, diffIds }, ...parts, signal: world.signal };
  const failure = await writeImage(output, request).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  // An engine that refuses closes the pipe: its own words tell more than the broken pipe.
  if (failure && !isBrokenPipe(failure.error)) throw failure.error;
  await loading.finish();
}

function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || code === "ECONNRESET";
}

async function readBack({ file, tag, summary }: Order, engine: Engine): Promise<ImageFacts> {
  const image = await engine.getImage(tag);
  const expected = summary.layers.map(({ digest }) => digest);
  if (image.diffIds.join() === expected.join()) return image;
  throw new NuaError("engine", `Load archive "${file}": the engine holds another "${tag}"`, {
    hint: `remove it: docker image rm ${tag}`,
  });
}
