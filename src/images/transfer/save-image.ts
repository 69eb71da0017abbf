/** Saves an image of the engine as an archive. */

import type { ImageFacts } from "../../engine/image-facts.ts";
import { withoutPrefix } from "../../lib/digest.ts";
import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";
import type { BegunArchive } from "../archive/begin-archive.ts";
import { isArchiveOf } from "../archive/is-archive-of.ts";
import { openKnownLayers, StaleLayerError } from "../archive/known-layers.ts";
import type { PackedImage } from "../archive/packed-image.ts";
import { BASE_LABEL } from "../archive/read-archive.ts";
import { sharedLayers } from "../archive/thin.ts";
import { type ImageRequest, type SavedArchive, writeArchive } from "../archive/write-archive.ts";
import { type ArchiveOptions, isPlain } from "./archive-options.ts";
import { showProgress } from "./show-progress.ts";
import { STANDARD_OUTPUT } from "./target.ts";
import { writeToStdout } from "./write-to-stdout.ts";

export interface SaveRequest {
  image: ImageFacts & { packed?: PackedImage };
  /** The one tag that the archive gives to the image. */
  tag: string;
  /** A file, or STANDARD_OUTPUT. */
  target: string;
  /** Digest of a layer that comes before all others. */
  first?: string | undefined;
  /** The archive, as far as it was written while the image was built. */
  begun?: BegunArchive | undefined;
  /** What the archive has to wait for until it gets its name; when it fails, there is none. */
  approval?: Promise<void> | null;
  options: ArchiveOptions;
}

/**
 * Writes the archive, unless the one that is there holds this very image.
 * @throws NuaError (archive) when the disk is full or the stream is damaged, (input) for a thin
 *   archive of an image whose base is not known
 */
export async function saveImage(request: SaveRequest, session: Session): Promise<SavedArchive> {
  const { image, tag, target, first, approval = null, options } = request;
  // What was printed cannot be taken back.
  if (target === STANDARD_OUTPUT) await approval;
  const thin = options.thin ? await findBase(image, tag, session) : undefined;
  const { diffIds, created, config } = image;
  const identity = { tag, diffIds, created, config };
  const there = isPlain(options) ? await isArchiveOf(target, { ...identity, thin }) : undefined;
  if (there) {
    session.report.step(`Archive ${target} is of this image already`);
    return there;
  }
  const engine = await session.engine();
  session.report.step(target === STANDARD_OUTPUT ? `Save ${tag}` : `Save ${target}`);
  const write = async (ready: Pick<ImageRequest, "known" | "beginning"> = {}) => {
    const packed = isWhole(request, ready) ? image.packed : undefined;
    const written: ImageRequest = {
      source: packed?.chunks() ?? engine.save(image.id),
      expect: { tag, diffIds, first, bytes: estimateBytes(image, options) },
      ...{ ...ready, thin, approval, signal: session.signal, onProgress: showProgress(session) },
    };
    if (target === STANDARD_OUTPUT) return writeToStdout(written, options.form, session);
    return writeArchive({ ...written, target, form: options.form });
  };
  try {
    return await withKnownLayers(request, write);
  } finally {
    session.report.progress("");
  }
}

// --- internal ---

/** Goes on with what is begun, and takes from other archives what they have of the image. */
async function withKnownLayers(
  { target, image, begun, options }: SaveRequest,
  write: (ready?: Pick<ImageRequest, "known" | "beginning">) => Promise<SavedArchive>,
): Promise<SavedArchive> {
  if (target === STANDARD_OUTPUT || !isPlain(options)) return write();
  await using known = await openKnownLayers(target, image.diffIds);
  try {
    return await write({ known: known.layers, beginning: await begun?.take(image.diffIds) });
  } catch (error) {
    if (error instanceof StaleLayerError) return write();
    throw error;
  }
}

/** Whether all layers are at hand, so that the engine need not be asked for any. */
function isWhole(
  { image, options }: SaveRequest,
  { known, beginning }: Pick<ImageRequest, "known" | "beginning">,
): boolean {
  const { packed, diffIds } = image;
  if (packed === undefined || options.thin) return false;
  return diffIds
    .map(withoutPrefix)
    .every((one) => packed.digests.has(one) || known?.has(one) || beginning?.written.has(one));
}

/**
 * How large the archive will be at least; engines do not all count alike. Of an archive that
 * leaves something out nothing is known.
 */
function estimateBytes({ bytes }: ImageFacts, { thin, form }: ArchiveOptions): number | undefined {
  return thin || form.compression !== null ? undefined : Math.floor(0.9 * bytes);
}

/** The layers that the image has in common with the one that it was built on. */
async function findBase(
  image: ImageFacts,
  tag: string,
  session: Session,
): Promise<{ tag: string; diffIds: string[] }> {
  const engine = await session.engine();
  const name = image.labels[BASE_LABEL];
  const base = name === undefined ? undefined : await engine.findImage(name);
  const diffIds = base === undefined ? [] : sharedLayers(image.diffIds, base.diffIds);
  if (name !== undefined && diffIds.length > 0) return { tag: name, diffIds };
  const problem =
    name === undefined
      ? `it has no label ${BASE_LABEL}`
      : base === undefined
        ? `its base image ${name} is not in the engine`
        : `it was not built on the ${name} that is in the engine`;
  throw new NuaError("input", `Save thin archive of "${tag}": ${problem}`, {
    hint: "build the image again, or save it without --thin",
  });
}
