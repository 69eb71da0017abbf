/** `load`: verifies an archive of any layout and compression, and loads its images. */

import type { Engine } from "../../engine/engine.ts";
import type { ImageFacts } from "../../engine/image-facts.ts";
import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";
import { type ListedImage, listImages } from "../archive/list-images.ts";
import { openArchive } from "../archive/open-archive.ts";
import type { WantedImage } from "../archive/write-archive.ts";
import { Candidate } from "./candidate.ts";
import { type LoadStreamRequest, loadStream } from "./load-stream.ts";

export interface LoadedImage {
  tag: string;
  image: ImageFacts;
}

/** What may be loaded, and how. */
export interface LoadRules {
  /** Throws for images that are not to be loaded. */
  accept(images: readonly WantedImage[]): void | Promise<void>;
  /** The command that loads an image of that name. */
  commandFor(tag: string): string;
}

/**
 * Verifies the archive before the engine sees any of it, and reads the images back afterwards.
 * @throws NuaError (archive) when it is damaged, (input) when it is thin and the engine does not
 *   hold what it needs, (engine) when the engine refuses it
 */
export async function loadArchive(
  file: string,
  session: Session,
  { accept, commandFor }: LoadRules,
): Promise<LoadedImage[]> {
  const listed = await listImages(file);
  const images = listed.map(({ tag, diffIds }) => ({ tag: ensureTag(tag, file), diffIds }));
  await accept(images);
  const engine = await session.engine();
  const needs = listed.flatMap((image) => image.needs);
  await ensureNeeds(needs, { file, commandFor }, engine);
  session.report.step(`Load ${images.map(({ tag }) => tag).join(", ")}`);
  const attempt = `Load archive "${file}"`;
  // What has these tags keeps them until the engine has taken every image.
  await using candidates = new AsyncDisposableStack();
  const wanted = images.map(({ tag, diffIds }) => {
    const candidate = candidates.use(new Candidate(tag, session));
    return { candidate, tag, loadAs: candidate.tag, diffIds };
  });
  const [first, ...others] = wanted;
  const feed = async (parts: Pick<LoadStreamRequest, "thin" | "bases">) => {
    const { chunks } = await openArchive(file, attempt);
    const facts = await loadStream(
      { source: chunks, ...first!, others, attempt, ...parts },
      session,
    );
    return Promise.all(
      wanted.map(async ({ candidate, tag }, index) => {
        const image = facts[index]!;
        await candidate.accept(image, undefined);
        return { tag, image };
      }),
    );
  };
  const [needed] = needs;
  if (needed === undefined) return await feed({});
  const thin = { tag: needed.tag, diffIds: needed.layers.map(({ digest }) => digest) };
  // Docker takes an archive without layers that it holds; other engines want all of them.
  return await feed({ thin }).catch((error) => {
    if (!(error instanceof NuaError) || error.code !== "engine") throw error;
    session.report.detail(`The engine wants every layer: ${error.message}`);
    return feed({ bases: [engine.save(needed.tag)] });
  });
}

// --- internal ---

function ensureTag(tag: string | undefined, file: string): string {
  if (tag?.startsWith("-")) {
    throw new NuaError("archive", `Load archive "${file}": "${tag}" is no tag of an image`, {
      file,
      hint: "get the archive from whoever made it, once more",
    });
  }
  if (tag !== undefined) return tag;
  throw new NuaError("input", `Load archive "${file}": it gives its image no tag`, {
    file,
    hint: "save the image by its tag, not by its id",
  });
}

async function ensureNeeds(
  needs: ListedImage["needs"],
  { file, commandFor }: { file: string } & Pick<LoadRules, "commandFor">,
  engine: Engine,
): Promise<void> {
  for (const { tag, layers } of needs) {
    const base = await engine.findImage(tag);
    const isThere = layers.every(({ digest }) => base?.diffIds.includes(digest));
    if (isThere) continue;
    const problem = base === undefined ? "is not in the engine" : "is another one in the engine";
    throw new NuaError("input", `Load thin archive "${file}": its base image ${tag} ${problem}`, {
      file,
      hint: `where the archive was made: nua-build save ${tag}; here: ${commandFor(tag)} ${tag}.tar`,
    });
  }
}
