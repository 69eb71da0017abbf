/** An archive of any layout and compression -> an image of the engine. */
import { openArchive } from "../archive/open-archive.ts";
import { type ArchiveSummary, readArchive } from "../archive/read-archive.ts";
import type { Engine, ImageFacts } from "../engine/engine.ts";
import { NuaError } from "../shared/errors.ts";
import type { World } from "../world.ts";
import { type FeedRequest, feedEngine } from "./feed-engine.ts";

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
  const attempt = `Load archive "${file}"`;
  const diffIds = summary.layers.map(({ digest }) => digest);
  const feed = async (parts: Pick<FeedRequest, "thin" | "bases">) => {
    const { chunks } = await openArchive(file, attempt);
    return feedEngine({ source: chunks, tag, diffIds, attempt, ...parts }, world);
  };
  const [needed] = summary.needs;
  if (needed === undefined) return { tag, image: await feed({}) };
  const thin = { tag: needed.tag, diffIds: needed.layers.map(({ digest }) => digest) };
  // Docker takes an archive without layers that it holds; other engines want all of them.
  const image = await feed({ thin }).catch((error) => {
    if (!(error instanceof NuaError) || error.code !== "engine") throw error;
    world.report.detail(`The engine wants every layer: ${error.message}`);
    return feed({ bases: [engine.save(needed.tag)] });
  });
  return { tag, image };
}

// --- internal ---

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
