/** The engine behind a command line that is compatible with Docker's. */
import { readFile } from "node:fs/promises";
import { NuaError } from "../lib/errors.ts";
import { pipeProgram, type RunOptions, runProgram, streamProgram } from "../lib/process.ts";
import { createBatch } from "./batch.ts";
import {
  type BuildRequest,
  buildImageCommand,
  type FilesResult,
  type ImageResult,
} from "./build-args.ts";
import { createBuildx } from "./buildx.ts";
import {
  type Container,
  type ContainerRequest,
  createContainer,
  type ListedContainer,
  listContainers,
} from "./containers.ts";
import { readImageFile } from "./copied-file.ts";
import type { Dialect } from "./dialect.ts";
import type { Buildx, Engine, Loading } from "./engine.ts";
import type { BuilderFacts, EngineFacts } from "./facts.ts";
import { engineFailure } from "./failures.ts";
import { type ImageFacts, shortName } from "./image-facts.ts";
import { inspectImages, tellsMissing } from "./inspect-images.ts";
import { KnownImages } from "./known-images.ts";
import { probeBuilder, probeEngine } from "./probe.ts";
import type { EngineState } from "./state.ts";

/**
 * @param options.toBuild whether images will be built, so that it is asked at once how
 * @throws NuaError (engine) when no engine answers
 */
export async function connectEngine(
  client: string,
  { signal, toBuild = false }: { signal?: AbortSignal; toBuild?: boolean } = {},
): Promise<Engine> {
  const probed = probeEngine(client, signal);
  const askBuilder = () => probeBuilder(client, probed, signal);
  let builder: Promise<BuilderFacts> | undefined = toBuild ? askBuilder() : undefined;
  builder?.catch(() => {});
  return new EngineClient({
    ...(await probed),
    signal,
    images: new KnownImages(),
    builder: () => {
      builder ??= askBuilder();
      return builder;
    },
  });
}

// --- internal ---

/** Milliseconds for an interrupted engine to give a name to what it has got: only then it can go. */
const LOADING_PATIENCE = 10_000;

interface ClientParts {
  facts: EngineFacts;
  dialect: Dialect;
  signal: AbortSignal | undefined;
  builder: () => Promise<BuilderFacts>;
  images: KnownImages;
}

class EngineClient implements Engine {
  readonly facts: EngineFacts;
  readonly #parts: ClientParts;
  readonly #signal: AbortSignal | undefined;
  readonly #names: ReadonlyMap<string, string>;
  readonly #findImage = createBatch((references) =>
    inspectImages(this.facts.client, references, this.#signal),
  );

  constructor(parts: ClientParts, names: ReadonlyMap<string, string> = new Map()) {
    this.facts = parts.facts;
    this.#parts = parts;
    this.#signal = parts.signal;
    this.#names = names;
  }

  builder(): Promise<BuilderFacts> {
    return this.#parts.builder();
  }

  async buildx(): Promise<Buildx | undefined> {
    const { buildx } = await this.builder();
    return buildx === null ? undefined : createBuildx(this.facts.client, buildx, this.#signal);
  }

  async state(): Promise<EngineState> {
    return this.#parts.dialect.readState(
      JSON.parse(await this.#run(["info", "--format", "{{json .}}"])),
    );
  }

  withNames(names: ReadonlyMap<string, string>): Engine {
    return new EngineClient(this.#parts, names);
  }

  nameOf(reference: string): string {
    return this.#names.get(reference) ?? reference;
  }

  findImage(reference: string): Promise<ImageFacts | undefined> {
    return this.#parts.images.find(this.nameOf(reference), this.#findImage);
  }

  async getImage(reference: string): Promise<ImageFacts> {
    const image = await this.findImage(reference);
    if (image) return image;
    throw new NuaError("engine", `Read image "${reference}": the engine does not hold it`, {
      hint: "build it again; another program may have removed it in the meantime",
    });
  }

  async listTags(): Promise<string[]> {
    const told = await this.#run(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"]);
    return told
      .split("\n")
      .filter((line) => line !== "")
      .map(shortName);
  }

  async tag(source: string, target: string): Promise<void> {
    await this.#change(() => this.#run(["tag", "--", source, target]));
  }

  async removeImage(...references: string[]): Promise<void> {
    // Also after an interrupt, hence without the signal.
    const argv = [this.facts.client, "image", "rm", "--", ...references];
    await this.#change(() => runProgram(argv));
  }

  removeTag(tag: string): Promise<void> {
    return this.#change(() => this.#remove(["image", "rm", "--", tag]));
  }

  readFile(image: string, path: string): Promise<string | undefined> {
    return readImageFile(this.facts.client, { image: this.nameOf(image), path }, this.#signal);
  }

  async build(
    request: BuildRequest & { result: ImageResult },
    options: RunOptions = {},
  ): Promise<ImageFacts> {
    const { tag, idFile } = request.result;
    // Side by side: no build gives out a tag as soon as a query is answered.
    const [before] = await Promise.all([this.findImage(tag), this.#build(request, options)]);
    // With a containerd store, buildx tells the config's digest, which is not the image's id.
    const id = (await readFile(idFile, "utf8")).trim();
    const image = (await this.findImage(id)) ?? (await this.getImage(tag));
    const isNamed = before?.tags.some((other) => other !== tag);
    if (before && !isNamed && before.id !== image.id) await this.removeImage(before.id);
    return image;
  }

  buildFiles(
    request: BuildRequest & { result: FilesResult },
    options: RunOptions = {},
  ): Promise<void> {
    return this.#build(request, options);
  }

  async tryPull(reference: string, options: RunOptions = {}): Promise<string | undefined> {
    const argv = [this.facts.client, "pull", "--", reference];
    const all = { signal: this.#signal, ...options };
    const answer = await this.#change(() => runProgram(argv, all));
    return answer.exitCode === 0 ? undefined : lastLine(answer.stderr);
  }

  save(...references: string[]): AsyncIterable<Uint8Array> {
    const several = references.length > 1 ? this.#parts.dialect.saveSeveral : [];
    const names = references.map((reference) => this.nameOf(reference));
    return streamProgram([this.facts.client, "save", ...several, "--", ...names], {
      signal: this.#signal,
    });
  }

  load(file: string): Promise<string> {
    return this.#change(() => this.#run(["load", "--input", file]));
  }

  startLoading(): Loading {
    const argv = [this.facts.client, "load"];
    const program = pipeProgram(argv, { signal: this.#signal, patience: LOADING_PATIENCE });
    return {
      stdin: program.stdin,
      finish: async () => {
        const answer = await this.#change(() => program.ended);
        this.#signal?.throwIfAborted();
        if (answer.exitCode !== 0) throw engineFailure(argv, answer);
      },
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  }

  async importRootfs(file: string, tag: string): Promise<void> {
    await this.#change(() => this.#run(["import", "--change", 'CMD ["bash"]', file, tag]));
  }

  createContainer(request: ContainerRequest): Promise<Container> {
    return createContainer(this.facts.client, request, this.#signal);
  }

  listContainers(prefix: string): Promise<ListedContainer[]> {
    return listContainers((words) => this.#run(words), prefix);
  }

  removeContainer(id: string): Promise<void> {
    return this.#remove(["rm", "--force", "--volumes", id]);
  }

  async #build(request: BuildRequest, options: RunOptions): Promise<void> {
    const facts = { ...this.facts, ...(await this.builder()) };
    const { argv, env } = buildImageCommand(facts, request);
    const all = { signal: this.#signal, ...options, env: { ...env, ...options.env } };
    const answer = await this.#change(() => runProgram(argv, all));
    if (answer.exitCode !== 0) throw engineFailure(argv, answer);
  }

  #change<Result>(change: () => Promise<Result>): Promise<Result> {
    return this.#parts.images.around(change);
  }

  /** @returns what the client prints @throws CommandError when it does not end with status 0 */
  async #run(words: readonly string[]): Promise<string> {
    const argv = [this.facts.client, ...words];
    const answer = await runProgram(argv, { signal: this.#signal });
    if (answer.exitCode !== 0) throw engineFailure(argv, answer);
    return answer.stdout;
  }

  /** What is gone already is no failure. */
  async #remove(words: readonly string[]): Promise<void> {
    const argv = [this.facts.client, ...words];
    const answer = await runProgram(argv);
    if (answer.exitCode !== 0 && !tellsMissing(answer)) throw engineFailure(argv, answer);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
