/** The network as a source of inputs, with all that is read of it recorded, for a bundle. */
import { copyFile, link, mkdir } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import type { Exchange } from "../../protocol/exchanges.ts";
import type {
  AppInHand,
  BuilderUse,
  BuildInputs,
  FetchedFile,
  WantedFile,
} from "../../session/input-source.ts";
import { NetworkInput } from "../../session/network-input.ts";
import type { Session } from "../../session/session.ts";
import type { BlobFile } from "../bundle/blob-file.ts";
import { recordingDockerfile } from "./recording-dockerfile.ts";

/** What was read. */
export interface Recorded {
  exchanges: Exchange[];
  /** The contents of their answers, by digest. */
  blobs: Map<string, BlobFile>;
}

export class RecordingInput extends NetworkInput implements Recorded {
  /** What is not done is not recorded. */
  override readonly isRepeated = false;
  /** Of what nua-build itself has fetched. */
  readonly exchanges: Exchange[] = [];
  readonly blobs = new Map<string, BlobFile>();
  readonly #folder: string;

  /** @param folder for files that were fetched, which a build may change later */
  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  /** The far side has the app's folder, and nothing beside it. */
  override admit({ namedFiles }: AppInHand): void {
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
    await mkdir(this.#folder, { recursive: true });
    const kept = join(this.#folder, sha256);
    await link(target, kept).catch(() => copyFile(target, kept));
    this.blobs.set(sha256, { file: kept, bytes });
    this.exchanges.push({
      ...{ method: "GET", url, accept: null, body: null, status: 200, headers: {} },
      ...{ content: sha256, bytes, client: "nua-build", wantedBy, detail },
    });
    return fetched;
  }

  override async open(build: BuilderUse, session: Session): Promise<BuildInputs> {
    const inputs = await super.open(build, session);
    return { ...inputs, isForImage: false, dockerfile: recordingDockerfile };
  }
}
