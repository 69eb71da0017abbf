/** The interface of an engine: queries, changes and byte streams. */
import type { Writable } from "node:stream";
import type { RunOptions } from "../lib/process.ts";
import type { BuildRequest, FilesResult, ImageResult } from "./build-args.ts";
import type { Container, ContainerRequest, ListedContainer } from "./containers.ts";
import type { BuilderFacts, EngineFacts } from "./facts.ts";
import type { ImageFacts } from "./image-facts.ts";
import type { EngineState } from "./state.ts";

export interface Engine {
  readonly facts: EngineFacts;
  /** How images are built; asked when it is first wanted. */
  builder(): Promise<BuilderFacts>;
  /** Undefined where the client does not have it. */
  buildx(): Promise<Buildx | undefined>;
  /** What it works with. @throws CommandError (engine) when it does not say */
  state(): Promise<EngineState>;

  /** The same engine, in which some images are found under other names. */
  withNames(names: ReadonlyMap<string, string>): Engine;
  /** What the engine calls an image, for its client's words and for Dockerfiles. */
  nameOf(reference: string): string;

  /** The image of that tag or id; undefined when the engine does not hold it. */
  findImage(reference: string): Promise<ImageFacts | undefined>;
  /** @throws NuaError (engine) when the engine does not hold the image */
  getImage(reference: string): Promise<ImageFacts>;
  /** The tags of all images. */
  listTags(): Promise<string[]>;
  tag(source: string, target: string): Promise<void>;
  /** Removes images; one that is not there or still in use is left alone. */
  removeImage(...references: string[]): Promise<void>;
  /**
   * Takes a tag from its image, which goes with its last one.
   * @throws CommandError (engine) when the tag is there afterwards
   */
  removeTag(tag: string): Promise<void>;
  /**
   * Reads a file out of an image.
   * @returns undefined when there is no such file
   * @throws NuaError (check) when it is larger than any that nua-build writes
   */
  readFile(image: string, path: string): Promise<string | undefined>;

  /**
   * Builds an image. The one that had its tag before is removed, unless something uses it or it
   * has another tag, which would be removed with it.
   * @throws CommandError (build) when a command of the Dockerfile failed, (engine) otherwise
   */
  build(request: BuildRequest & { result: ImageResult }, options?: RunOptions): Promise<ImageFacts>;
  /**
   * Builds the files of a Dockerfile's last stage: see {@link FilesResult}.
   * @throws CommandError (build) when a command of the Dockerfile failed, (engine) otherwise
   */
  buildFiles(request: BuildRequest & { result: FilesResult }, options?: RunOptions): Promise<void>;

  /** Pulls an image. @returns why not, when it cannot be had */
  tryPull(reference: string, options?: RunOptions): Promise<string | undefined>;
  /** Images as the engine writes them: a tar stream in the engine's own layout. */
  save(...references: string[]): AsyncIterable<Uint8Array>;
  /** Loads the images of an archive file. @returns what the client said */
  load(file: string): Promise<string>;
  /** Begins to load an archive whose bytes are still to come. */
  startLoading(): Loading;
  /** Makes an image of one layer out of a tar file of a root file system. */
  importRootfs(file: string, tag: string): Promise<void>;

  /** @throws CommandError (engine) when the engine refuses */
  createContainer(request: ContainerRequest): Promise<Container>;
  /** All containers whose names begin so, whether they run or not. */
  listContainers(prefix: string): Promise<ListedContainer[]>;
  /**
   * Removes a container, running or not, and what it has for volumes.
   * @throws CommandError (engine) when it is there afterwards
   */
  removeContainer(id: string): Promise<void>;
}

/** The client's plugin that builds by other builders than the engine's own as well. */
export interface Buildx {
  /**
   * Whether a builder sees the images that the engine has: only the engine's own does.
   * @throws NuaError (usage) when there is no such builder, or it belongs to another engine
   */
  seesImages(builder: string): Promise<boolean>;
}

export interface Loading extends AsyncDisposable {
  /** Takes the archive's bytes. */
  stdin: Writable;
  /** Waits for the engine's answer. @throws CommandError (engine) when it refuses */
  finish(): Promise<void>;
}
