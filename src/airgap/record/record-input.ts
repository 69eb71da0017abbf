/** The input source that reads the network and records it, for a bundle. */
import { copyFile, link, rename } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import { BLOBS_FOLDER, type Exchange } from "../../protocol/exchanges.ts";
import type {
  AppIdentity,
  BuilderUse,
  CommandInputs,
  FetchedFile,
  WantedFile,
} from "../../session/input-source.ts";
import { NetworkInput } from "../../session/network-input.ts";
import type { SessionBase } from "../../session/session-base.ts";
import type { BlobFile } from "../bundle/blob-file.ts";
import { recordDockerfile } from "./record-dockerfile.ts";

/** What was read. */
export interface Recorded {
  exchanges: Exchange[];
  /** The contents of their answers, by digest. */
  blobs: Map<string, BlobFile>;
  /** Tags of the images that were built upon; the engine holds them. */
  images: Set<string>;
}

export class RecordInput extends NetworkInput implements Recorded {
  /** What is not done is not recorded. */
  override readonly isRepeated = false;
  readonly exchanges: Exchange[] = [];
  readonly blobs = new Map<string, BlobFile>();
  readonly images = new Set<string>();
  readonly #folder: string;
  #builds = 0;

  /** @param folder for the files; they have to stay as long as the blobs are wanted */
  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  /** The far side has the app's folder, and nothing beside it. */
  override admit({ namedFiles }: AppIdentity): void {
    const isOutside = (file: string) => isAbsolute(file) || /^\.\.(\/|$)/.test(normalize(file));
    const outside = namedFiles.find(({ file }) => isOutside(file));
    if (outside === undefined) return;
    const { file, key } = outside;
    throw new NuaError("input", `Record "${file}": it is outside of the app's folder`, {
      step: key.join("."),
      hint: "bring it into that folder, and name it as it is called there",
    });
  }

  override async fetch(
    { url, target, wantedBy }: WantedFile,
    download: () => Promise<FetchedFile>,
  ): Promise<FetchedFile> {
    const fetched = await download();
    const { bytes, sha256, detail = null } = fetched;
    const kept = join(this.#folder, sha256);
    // A build may change the one that it gets.
    await link(target, kept).catch(() => copyFile(target, kept));
    this.blobs.set(sha256, { file: kept, bytes });
    this.exchanges.push({
      ...{ method: "GET", url, accept: null, body: null, status: 200, headers: {} },
      ...{ content: sha256, bytes, client: "nua-build", wantedBy, detail },
    });
    return fetched;
  }

  addImages(tags: readonly string[]): void {
    for (const tag of tags) this.images.add(tag);
  }

  /**
   * Adds what the commands of a build have read.
   * @param read with the folder of its blobs, from which they are taken
   */
  async add({ exchanges, folder }: { exchanges: Exchange[]; folder: string }): Promise<void> {
    const kept = join(this.#folder, `read${this.#builds++}`);
    await rename(folder, kept);
    for (const { content, bytes } of exchanges) {
      if (content === null) continue;
      this.blobs.set(content, { file: join(kept, BLOBS_FOLDER, content), bytes });
    }
    this.exchanges.push(...exchanges);
  }

  override async open(build: BuilderUse, session: SessionBase): Promise<CommandInputs> {
    const inputs = await super.open(build, session);
    return { ...inputs, isForImage: false, dockerfile: recordDockerfile };
  }
}
