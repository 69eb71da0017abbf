/** A small bundle with one blob of each kind, and where its blobs are. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BlobFile } from "../../src/airgap/bundle/blob-file.ts";
import type { BundleSubject } from "../../src/airgap/bundle/bundle-index.ts";
import type { Exchange } from "../../src/protocol/exchanges.ts";
import { sha256 } from "./image-archive.ts";

export class BlobStore {
  readonly folder: string;
  readonly blobs = new Map<string, BlobFile>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<BlobStore> {
    const folder = await mkdtemp(join(tmpdir(), "nua-bundle-"));
    await mkdir(join(folder, "store"));
    return new BlobStore(folder);
  }

  /** @returns the content's digest */
  async add(content: string | Uint8Array): Promise<string> {
    const digest = sha256(content);
    const file = join(this.folder, "store", digest);
    await writeFile(file, content);
    this.blobs.set(digest, { file, bytes: Buffer.byteLength(content) });
    return digest;
  }

  async exchange(url: string, content: string | Uint8Array, more: Partial<Exchange> = {}) {
    return exchangeOf(url, {
      content: await this.add(content),
      bytes: Buffer.byteLength(content),
      ...more,
    });
  }
}

export function exchangeOf(url: string, more: Partial<Exchange> = {}): Exchange {
  return {
    method: "GET",
    url,
    accept: null,
    body: null,
    status: 200,
    headers: {},
    content: null,
    bytes: 0,
    client: "npm",
    wantedBy: "package.json",
    detail: null,
    ...more,
  };
}

export const LEFT_PAD = "https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz";

export async function smallSubject(store: BlobStore): Promise<BundleSubject> {
  const packed = gzipSync(Buffer.from(noise(3000)));
  return {
    linuxBase: "debian:12",
    apps: [
      {
        tag: "nua-hello:1.0",
        name: "hello",
        config: "nua-config.toml",
        source: await store.add("app ".repeat(500)),
      },
    ],
    images: [
      {
        tag: "nua-python:1",
        config: await store.add('{"rootfs":{}}'),
        layers: [
          {
            diffId: `sha256:${sha256("layer ".repeat(900))}`,
            content: await store.add("layer ".repeat(900)),
          },
        ],
      },
    ],
    exchanges: [
      await store.exchange(LEFT_PAD, packed, { wantedBy: "yarn.lock" }),
      await store.exchange("https://registry.npmjs.org/left-pad", '{"name":"left-pad"}'),
      exchangeOf("https://example.org/none", { status: 404 }),
    ],
  };
}

/** Bytes that no compressor makes smaller; the same in each run. */
export function noise(length: number, seed = 1): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length }, () => random(256));
}

/** The same numbers in each run, below `limit`. */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
