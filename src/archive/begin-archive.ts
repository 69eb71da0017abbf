/**
 * An archive that is begun while its image is still being built: with the layers of its base, as
 * far as other archives hold them. They are most of its bytes.
 */
import { ArchiveOutput } from "./archive-output.ts";
import { PLAIN_FORM } from "./destination.ts";
import { withoutPrefix, withPrefix } from "./digest.ts";
import { ensureFreeSpace } from "./disk.ts";
import { openKnownLayers } from "./known-layers.ts";

/** What has been written, to be gone on with. Whoever takes it disposes of its output. */
export interface Beginning {
  output: ArchiveOutput;
  /** Bytes of the layers in it, by digest without prefix, in their order. */
  written: ReadonlyMap<string, number>;
}

export class BegunArchive implements AsyncDisposable {
  readonly target: string;
  readonly #stop = new AbortController();
  #work: Promise<Beginning | undefined>;

  /**
   * Starts to write, and does not wait for it.
   * @param target the file that the archive will be
   * @param diffIds the layers that the image will have below all others, lowest first
   */
  constructor(target: string, diffIds: Promise<readonly string[]>) {
    this.target = target;
    // Whatever stands in the way will be told when the archive is written from its beginning.
    this.#work = begin(target, diffIds, this.#stop.signal).catch(() => undefined);
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
  target: string,
  wanted: Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<Beginning | undefined> {
  const diffIds = await wanted;
  await using known = await openKnownLayers(target, diffIds);
  const digests = [...new Set(diffIds.map(withoutPrefix))];
  const count = digests.findIndex((digest) => !known.layers.has(digest));
  const lowest = digests.slice(0, count < 0 ? digests.length : count);
  const written = new Map(lowest.map((digest) => [digest, known.layers.get(digest)!.bytes]));
  if (written.size === 0) return undefined;
  const attempt = `Save archive "${target}"`;
  const output = await ArchiveOutput.toFile(target, attempt, PLAIN_FORM);
  try {
    const bytes = [...written.values()].reduce((sum, one) => sum + one, 0);
    await ensureFreeSpace(output.folder, bytes, attempt);
    for (const digest of lowest) {
      const { bytes: size, content } = known.layers.get(digest)!;
      await output.append({ name: `${digest}.tar`, size, content: until(signal, content) });
    }
    output.syncSoon();
    return { output, written };
  } catch (error) {
    await output[Symbol.asyncDispose]();
    throw error;
  }
}

async function* until(signal: AbortSignal, content: AsyncIterable<Uint8Array>) {
  for await (const chunk of content) {
    signal.throwIfAborted();
    yield chunk;
  }
}
