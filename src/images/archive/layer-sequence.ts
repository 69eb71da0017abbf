/**
 * Writes layers in the order of the image, lowest first, whatever order the engine sends them in.
 * What is known already, which are the lowest ones, can then be written before the engine sends
 * anything; what the engine sends too early waits in a file.
 */

import { withoutPrefix } from "../../lib/digest.ts";
import type { ArchiveOutput, Spool } from "./archive-output.ts";
import { ensureFreeSpace } from "./disk.ts";
import { StaleLayerError } from "./known-layers.ts";
import type { ScannedLayer } from "./scanned-layer.ts";

interface SequenceOptions {
  first?: string | undefined;
  leftOut?: readonly string[];
  known?: ReadonlyMap<string, Spool> | undefined;
  written?: ReadonlyMap<string, number> | undefined;
}

export class LayerSequence {
  readonly #output: ArchiveOutput;
  /** Digests without prefix, each once. */
  readonly #order: readonly string[];
  /** Digests of those that have not come by yet. */
  readonly #missing: Set<string>;
  readonly #waiting: Map<string, Spool>;
  /** Bytes of layers that are at hand already, by digest: verified when they are read from there. */
  readonly atHand: ReadonlyMap<string, number>;
  /** Digests of large layers by their sizes, of those that are at hand already. */
  readonly #knownBySize: ReadonlyMap<number, string>;
  readonly #written: Map<string, number>;

  /**
   * @param options.first digest of a layer that comes before all others
   * @param options.leftOut digests of layers that do not go into the archive
   * @param options.known layers that are at hand already, by digest without prefix
   * @param options.written bytes of the first ones, which are in the archive already
   */
  constructor(
    output: ArchiveOutput,
    diffIds: readonly string[],
    { first, leftOut = [], known = new Map(), written = new Map() }: SequenceOptions = {},
  ) {
    this.#output = output;
    const wanted = diffIds.filter((digest) => !leftOut.includes(digest));
    const order = first === undefined ? wanted : [first, ...wanted];
    this.#order = [...new Set(order.map(withoutPrefix))];
    this.#written = new Map(written);
    const waiting = this.#order.slice(written.size).filter((digest) => known.has(digest));
    this.#waiting = new Map(waiting.map((digest) => [digest, known.get(digest)!]));
    const sizes = [
      ...written,
      ...waiting.map((digest) => [digest, known.get(digest)!.bytes] as const),
    ];
    this.atHand = new Map(sizes);
    const large = sizes.filter(([, bytes]) => bytes >= TELLING_SIZE);
    this.#knownBySize = new Map(large.map(([digest, bytes]) => [bytes, digest]));
    this.#missing = new Set(this.#order.filter((digest) => !this.atHand.has(digest)));
  }

  /** Puts what is known already where it belongs, as far as nothing before it is missing. */
  async begin(): Promise<void> {
    await this.#appendWaiting();
    if (this.#written.size > 0) this.#output.syncSoon();
  }

  /**
   * Puts a layer where it belongs; one that the image does not have is passed over.
   * @throws NuaError (archive) when it is damaged, or the disk full
   */
  async add(layer: ScannedLayer): Promise<void> {
    const { folder, attempt } = this.#output;
    await ensureFreeSpace(folder, layer.storedBytes, attempt);
    const next = this.#order[this.#written.size];
    if (next !== undefined && layer.promisedDiffId === next) {
      await this.#append(next, layer.storedBytes, layer.content);
      await layer.finish();
      this.#missing.delete(next);
    } else {
      await this.#setAside(layer);
    }
    await this.#appendWaiting();
  }

  /** Bytes of the layers that are in the archive, by digest, in their order. */
  get written(): ReadonlyMap<string, number> {
    return this.#written;
  }

  /** Digests of layers that have not come by. */
  get missing(): string[] {
    return [...this.#missing];
  }

  async #setAside(layer: ScannedLayer): Promise<void> {
    if (layer.promisedDiffId !== undefined && !this.#missing.has(layer.promisedDiffId)) {
      if (this.atHand.has(layer.promisedDiffId)) layer.trust();
      return;
    }
    // Old engines name layers by something else: one of the very size of a known one is that one.
    const likely = this.#knownBySize.get(layer.storedBytes);
    if (layer.promisedDiffId === undefined && likely !== undefined) {
      if ((await layer.finish()).diffId === likely) return;
      throw new StaleLayerError(likely);
    }
    const spool = await this.#output.spool(layer.content);
    const { diffId } = await layer.finish();
    if (this.#missing.delete(diffId)) this.#waiting.set(diffId, spool);
    else await spool.remove();
  }

  async #appendWaiting(): Promise<void> {
    for (;;) {
      const next = this.#order[this.#written.size] ?? "";
      const spool = this.#waiting.get(next);
      if (spool === undefined) return;
      await this.#append(next, spool.bytes, spool.content);
      await spool.remove();
      this.#waiting.delete(next);
    }
  }

  async #append(diffId: string, size: number, content: Spool["content"]): Promise<void> {
    await this.#output.append({ name: `${diffId}.tar`, size, content });
    this.#written.set(diffId, size);
  }
}

// --- internal ---

/** Bytes: the sizes of smaller layers tell too little apart. */
const TELLING_SIZE = 4 * 1024 * 1024;
