/**
 * Starts an archive with the base image's layers while the app's image is still being built. They
 * are most of its bytes.
 */

import { withoutPrefix, withPrefix } from "../../lib/digest.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { ArchiveOutput, type Spool } from "./archive-output.ts";
import { PLAIN_FORM } from "./destination.ts";
import { openKnownLayers } from "./known-layers.ts";
import { LayerSequence } from "./layer-sequence.ts";
import { ArchiveScan } from "./scan-archive.ts";

/** What has been written, to be gone on with. Whoever takes it disposes of its output. */
export interface Beginning {
  output: ArchiveOutput;
  /** Bytes of the layers in it, by digest without prefix, in their order. */
  written: ReadonlyMap<string, number>;
}

export interface ArchiveBase {
  /** Lowest first. */
  diffIds: readonly string[];
  /** The image as the engine saves it, for what no other archive has; undefined: do without. */
  save?: (() => ByteChunks) | undefined;
}

export class BegunArchive implements AsyncDisposable {
  readonly target: string;
  readonly #stop = new AbortController();
  #work: Promise<Beginning | undefined>;

  /**
   * Starts to write, and does not wait for it.
   * @param target the file that the archive will be
   * @param tag of its image
   * @param base the image whose layers the other will have below all others
   */
  constructor(target: string, tag: string, base: Promise<ArchiveBase>) {
    this.target = target;
    // Whatever stands in the way will be told when the archive is written from its beginning.
    this.#work = begin({ target, tag }, base, this.#stop.signal).catch(() => undefined);
  }

  /**
   * @param diffIds the layers of the image, lowest first
   * @returns undefined when nothing has been written, or something else than what it begins with
   */
  async take(diffIds: readonly string[]): Promise<Beginning | undefined> {
    const beginning = await this.#work;
    if (beginning === undefined) return undefined;
    const digests = [...new Set(diffIds)];
    const fits = [...beginning.written.keys()].every((one, at) => withPrefix(one) === digests[at]);
    if (!fits) return undefined;
    this.#work = Promise.resolve(undefined);
    return beginning;
  }

  /** Nothing is left of what was not taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await (await this.#work)?.output[Symbol.asyncDispose]();
  }
}

// --- internal ---

async function begin(
  { target, tag }: { target: string; tag: string },
  base: Promise<ArchiveBase>,
  signal: AbortSignal,
): Promise<Beginning | undefined> {
  const { diffIds, save } = await base;
  await using known = await openKnownLayers(target, diffIds);
  const digests = [...new Set(diffIds.map(withoutPrefix))];
  const firstUnknown = digests.findIndex((digest) => !known.layers.has(digest));
  const isWhole = firstUnknown < 0;
  const lowest = isWhole || save ? digests : digests.slice(0, firstUnknown);
  if (lowest.length === 0) return undefined;
  const attempt = `Save archive "${target}"`;
  const output = await ArchiveOutput.toFile(target, attempt, { ...PLAIN_FORM, tags: [tag] });
  try {
    const sequence = new LayerSequence(output, lowest, { known: withSignal(known.layers, signal) });
    await sequence.begin();
    const scan = new ArchiveScan(attempt);
    const layers = isWhole || !save ? [] : scan.layers(until(signal, save()));
    for await (const layer of layers) await sequence.add(layer);
    output.syncSoon();
    return { output, written: sequence.written };
  } catch (error) {
    await output[Symbol.asyncDispose]();
    throw error;
  }
}

function withSignal(layers: ReadonlyMap<string, Spool>, signal: AbortSignal): Map<string, Spool> {
  const entries = [...layers].map(([digest, { content, ...rest }]) => {
    return [digest, { ...rest, content: until(signal, content) }] as const;
  });
  return new Map(entries);
}

async function* until(signal: AbortSignal, content: ByteChunks): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    signal.throwIfAborted();
    yield chunk;
  }
}
