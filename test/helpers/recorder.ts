/**
 * An engine that is nowhere but in a test: a table of images answers what is asked, and what is
 * wanted of it beyond queries is recorded.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { BuildRequest, FilesResult, ImageResult } from "../../src/engine/build-args.ts";
import type { BuilderKind } from "../../src/engine/builder-kind.ts";
import type { Container, ContainerRequest, ListedContainer } from "../../src/engine/containers.ts";
import type { Buildx, Engine, Loading } from "../../src/engine/engine.ts";
import type { BuilderFacts, EngineFacts } from "../../src/engine/facts.ts";
import type { ImageFacts } from "../../src/engine/image-facts.ts";
import type { EngineState } from "../../src/engine/state.ts";
import { listImages } from "../../src/images/archive/list-images.ts";
import { CommandError, NuaError } from "../../src/lib/errors.ts";
import type { RunOptions } from "../../src/lib/process.ts";
import { createSession, type Session, type SessionParts } from "../../src/session/session.ts";
import { loadSettings, type Settings } from "../../src/session/settings.ts";
import { NOWHERE } from "./nowhere.ts";
import { chunksOf } from "./tar-bytes.ts";

/** An image of the engine's, as far as a test cares. */
export interface RecorderImage extends Partial<ImageFacts> {
  /** Texts of its files, by their paths. */
  files?: Readonly<Record<string, string>>;
  /** What `save` gives. */
  archive?: Uint8Array;
}

export interface RecorderOptions {
  images?: readonly RecorderImage[];
  builder?: BuilderKind;
  facts?: Partial<EngineFacts>;
  /** Other builders that buildx knows, and whether they see the engine's images. */
  builders?: Readonly<Record<string, boolean>>;
  /** What a registry has, by reference. */
  registry?: Readonly<Record<string, RecorderImage>>;
  /** Makes the image of a build, beyond its tag and labels; throws for one that fails. */
  onBuild?(
    request: BuildRequest & { result: ImageResult },
    options: RunOptions,
  ): RecorderImage | Promise<RecorderImage>;
  /** Writes the files of a build. */
  onBuildFiles?(
    request: BuildRequest & { result: FilesResult },
    options: RunOptions,
  ): void | Promise<void>;
  /** Does what a container does, beyond being there. */
  onContainer?(request: ContainerRequest): Partial<Container>;
}

export class Recorder implements Engine {
  readonly facts: EngineFacts;
  /** What it was asked to change or to hand out, in words. */
  readonly calls: string[] = [];
  /** Of all builds. */
  readonly requests: BuildRequest[] = [];
  readonly images: (ImageFacts & RecorderImage)[] = [];
  readonly containers: ListedContainer[] = [];
  readonly #options: RecorderOptions;
  #names: ReadonlyMap<string, string> = new Map();
  #made = 0;

  constructor(options: RecorderOptions = {}) {
    this.#options = options;
    this.facts = { ...FACTS, ...options.facts };
    for (const image of options.images ?? []) this.add(image);
  }

  async builder(): Promise<BuilderFacts> {
    const { builder = "buildx" } = this.#options;
    const buildx = builder === "buildx" ? { builder: "default", provenance: true } : null;
    return { builder, buildx };
  }

  async buildx(): Promise<Buildx | undefined> {
    if ((await this.builder()).buildx === null) return undefined;
    const { builders = {} } = this.#options;
    return {
      seesImages: async (name) => {
        const sees = builders[name];
        if (sees === undefined) throw new NuaError("usage", `no builder "${name}"`);
        return sees;
      },
    };
  }

  async state(): Promise<EngineState> {
    return { driver: "overlay2", root: undefined, time: undefined };
  }

  withNames(names: ReadonlyMap<string, string>): Engine {
    const { calls, requests, images, containers } = this;
    return Object.assign(new Recorder(this.#options), {
      calls,
      requests,
      images,
      containers,
    }).#named(names);
  }

  nameOf(reference: string): string {
    return this.#names.get(reference) ?? reference;
  }

  async findImage(reference: string): Promise<ImageFacts | undefined> {
    const image = this.#find(this.nameOf(reference));
    return image && { ...image, tags: [...image.tags] };
  }

  async getImage(reference: string): Promise<ImageFacts> {
    const image = await this.findImage(reference);
    if (image) return image;
    throw new NuaError("engine", `Read image "${reference}": the engine does not hold it`);
  }

  async listTags(): Promise<string[]> {
    return this.images.flatMap(({ tags }) => tags);
  }

  async tag(source: string, target: string): Promise<void> {
    this.calls.push(`tag ${source} ${target}`);
    const image = this.#find(source);
    if (image === undefined) throw new Error(`no image ${source}`);
    this.#untag(target);
    image.tags.push(target);
  }

  async removeImage(...references: string[]): Promise<void> {
    this.calls.push(`remove ${references.join(" ")}`);
    for (const reference of references) {
      const image = this.#find(reference);
      if (image === undefined) continue;
      if (image.id !== reference) this.#untag(reference);
      if (image.id === reference || image.tags.length === 0) {
        this.images.splice(this.images.indexOf(image), 1);
      }
    }
  }

  removeTag(tag: string): Promise<void> {
    return this.removeImage(tag);
  }

  async readFile(image: string, path: string): Promise<string | undefined> {
    return this.#find(this.nameOf(image))?.files?.[path];
  }

  async build(
    request: BuildRequest & { result: ImageResult },
    options: RunOptions = {},
  ): Promise<ImageFacts> {
    const { tag, labels } = request.result;
    this.calls.push(`build ${tag}`);
    this.requests.push(request);
    const made = (await this.#options.onBuild?.(request, options)) ?? {};
    this.#untag(tag);
    return this.add({ ...made, tags: [tag], labels: { ...labels, ...made.labels } });
  }

  async buildFiles(
    request: BuildRequest & { result: FilesResult },
    options: RunOptions = {},
  ): Promise<void> {
    this.calls.push("build files");
    this.requests.push(request);
    await this.#options.onBuildFiles?.(request, options);
  }

  async tryPull(reference: string): Promise<string | undefined> {
    this.calls.push(`pull ${reference}`);
    const image = this.#options.registry?.[reference];
    if (image === undefined) return "not found";
    this.#untag(reference);
    this.add({ ...image, tags: [reference] });
    return undefined;
  }

  save(...references: string[]): AsyncIterable<Uint8Array> {
    this.calls.push(`save ${references.join(" ")}`);
    const archive = this.#find(this.nameOf(references[0] ?? ""))?.archive;
    if (archive === undefined) throw failure(`save ${references.join(" ")}`);
    return chunksOf(archive, 10_000);
  }

  async load(file: string): Promise<string> {
    this.calls.push("load");
    return (await this.#take(file)).map((tag) => `Loaded image: ${tag}\n`).join("");
  }

  startLoading(): Loading {
    const chunks: Uint8Array[] = [];
    const stdin = new Writable({
      write: (chunk: Uint8Array, _, done) => {
        chunks.push(Uint8Array.from(chunk));
        done();
      },
    });
    const finish = async () => {
      this.calls.push("load");
      const folder = await mkdtemp(join(tmpdir(), "nua-recorder-"));
      try {
        await writeFile(join(folder, "image.tar"), Buffer.concat(chunks));
        await this.#take(join(folder, "image.tar"));
      } finally {
        await rm(folder, { recursive: true });
      }
    };
    return { stdin, finish, [Symbol.asyncDispose]: async () => {} };
  }

  async importRootfs(_: string, tag: string): Promise<void> {
    this.calls.push(`import ${tag}`);
    this.add({ tags: [tag] });
  }

  async createContainer(request: ContainerRequest): Promise<Container> {
    const { image, argv, network } = request;
    this.calls.push(`container ${image} ${argv.join(" ")}, network ${network}`);
    const nothing = async () => {};
    return {
      ...{ id: "c1", copyIn: nothing, copyOut: nothing, start: nothing },
      ...{ printed: async () => "", hasEnded: async () => true },
      ...this.#options.onContainer?.(request),
      [Symbol.asyncDispose]: async () => void this.calls.push("container removed"),
    };
  }

  async listContainers(prefix: string): Promise<ListedContainer[]> {
    return this.containers.filter(({ name }) => name.startsWith(prefix));
  }

  async removeContainer(id: string): Promise<void> {
    this.calls.push(`remove container ${id}`);
  }

  /** Gives it an image, as something else than the test's subject would. */
  add(image: RecorderImage): ImageFacts {
    this.#made += 1;
    const id = image.id ?? `sha256:made${this.#made}`;
    const facts = { ...NO_IMAGE, ...image, id, tags: [...(image.tags ?? [])] };
    this.images.push(facts);
    return { ...facts };
  }

  #named(names: ReadonlyMap<string, string>): this {
    this.#names = names;
    return this;
  }

  #find(reference: string): (ImageFacts & RecorderImage) | undefined {
    return this.images.find(({ id, tags }) => id === reference || tags.includes(reference));
  }

  #untag(tag: string): void {
    for (const image of this.images) image.tags = image.tags.filter((one) => one !== tag);
  }

  /** The images of an archive file. @returns their tags */
  async #take(file: string): Promise<string[]> {
    const archive = new Uint8Array(await Bun.file(file).arrayBuffer());
    const listed = await listImages(file);
    for (const { tag = "", diffIds, configDigest: id } of listed) {
      this.#untag(tag);
      this.add({ id, diffIds, archive, tags: [tag] });
    }
    return listed.map(({ tag = "" }) => tag);
  }
}

/** What a person was told, as `step: …`, `warn: …` and `detail: …`. */
export type Told = string[];

/** A session with such an engine, of nobody's settings. */
export function recordedSession(
  engine: Engine,
  settings: Partial<Settings> = {},
  parts: Partial<SessionParts> = {},
): { session: Session; told: Told } {
  const told: Told = [];
  const session = createSession({
    settings: loadSettings(settings, { HOME: NOWHERE }),
    signal: new AbortController().signal,
    engine: async () => engine,
    report: {
      verbosity: 0,
      step: (text) => void told.push(`step: ${text}`),
      warn: (text) => void told.push(`warn: ${text}`),
      detail: (text) => void told.push(`detail: ${text}`),
      progress: () => {},
      output: () => {},
    },
    ...parts,
  });
  return { session, told };
}

// --- internal ---

const FACTS: EngineFacts = {
  client: "docker",
  clientVersion: "28.2.2",
  serverVersion: "28.2.2",
  architecture: "amd64",
  product: "Docker",
  joinsNetworks: true,
};

const NO_IMAGE: Omit<ImageFacts, "id" | "tags"> = {
  isManifest: false,
  labels: {},
  diffIds: [],
  bytes: 0,
  user: "",
  cmd: [],
  config: {},
  created: "2026-01-02T03:04:05Z",
  platform: { os: "linux", architecture: "amd64", variant: "" },
};

function failure(what: string): CommandError {
  const argv = ["docker", ...what.split(" ")];
  return new CommandError("engine", `Run "docker ${what}"`, { argv, exitCode: 1, tail: "" });
}
