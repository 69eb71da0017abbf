/** The engine as the steps see it: questions, changes and byte streams. */
import { readFile } from "node:fs/promises";
import type { Writable } from "node:stream";
import { NuaError } from "../lib/errors.ts";
import { feedProgram, type RunOptions, runProgram, streamProgram } from "../lib/process.ts";
import { containerName } from "../runs/own-names.ts";
import { createBatch } from "./batch.ts";
import {
  type BuildRequest,
  buildImageCommand,
  type FilesResult,
  type ImageResult,
} from "./build-args.ts";
import { readCopied } from "./copied-file.ts";
import { engineFailure } from "./failures.ts";
import { type ImageFacts, parseImages } from "./image-facts.ts";
import {
  type BuilderFacts,
  type EngineFacts,
  probeBuilder,
  probeEngine,
  seesEngineImages,
} from "./probe.ts";
import { type EngineState, parseState } from "./state.ts";

export class Engine {
  readonly facts: EngineFacts;
  readonly #signal: AbortSignal | undefined;
  readonly #names: ReadonlyMap<string, string>;
  readonly #findImage = createBatch((references) => this.#inspect(references));
  #builder: Promise<BuilderFacts> | undefined;

  private constructor(
    facts: EngineFacts,
    signal: AbortSignal | undefined,
    names: ReadonlyMap<string, string> = new Map(),
  ) {
    this.facts = facts;
    this.#signal = signal;
    this.#names = names;
  }

  /**
   * @param options.toBuild whether images will be built, so that it is asked at once how
   * @throws NuaError (engine) when no engine answers
   */
  static async connect(
    client: string,
    { signal, toBuild = false }: { signal?: AbortSignal; toBuild?: boolean } = {},
  ): Promise<Engine> {
    const facts = probeEngine(client, signal);
    const builder = toBuild ? probeBuilder(client, facts, signal) : undefined;
    builder?.catch(() => {});
    const engine = new Engine(await facts, signal);
    engine.#builder = builder;
    return engine;
  }

  /** The same engine, in which some images are found under other names. */
  withNames(names: ReadonlyMap<string, string>): Engine {
    const engine = new Engine(this.facts, this.#signal, names);
    engine.#builder = this.#builder;
    return engine;
  }

  /** What the engine calls an image, for its client's words and for Dockerfiles. */
  nameOf(reference: string): string {
    return this.#names.get(reference) ?? reference;
  }

  /** How images are built; asked when it is first wanted. */
  builder(): Promise<BuilderFacts> {
    this.#builder ??= probeBuilder(this.facts.client, this.facts, this.#signal);
    return this.#builder;
  }

  /** Whether a buildx builder sees them; see {@link seesEngineImages}. */
  async seesImages(name: string): Promise<boolean> {
    return seesEngineImages(this.facts, await this.builder(), name, this.#signal);
  }

  /** The image of that tag or id; undefined when the engine does not hold it. */
  findImage(reference: string): Promise<ImageFacts | undefined> {
    return this.#findImage(this.nameOf(reference));
  }

  /** @throws NuaError (engine) when the engine does not hold the image */
  async getImage(reference: string): Promise<ImageFacts> {
    const image = await this.findImage(reference);
    if (image) return image;
    throw new NuaError("engine", `Read image "${reference}": the engine does not hold it`, {
      hint: "build it again; another program may have removed it in the meantime",
    });
  }

  /**
   * Builds an image. The one that had its tag before is removed, unless something uses it or it
   * has another tag, which would be removed with it.
   * @throws CommandError (build) when a command of the Dockerfile failed, (engine) otherwise
   */
  async build(
    request: BuildRequest & { result: ImageResult },
    options: RunOptions = {},
  ): Promise<ImageFacts> {
    const { tag, idFile } = request.result;
    // Side by side: no build gives out a tag as soon as a question is answered.
    const [before] = await Promise.all([this.findImage(tag), this.#runBuild(request, options)]);
    // With a containerd store, buildx tells the config's digest, which is not the image's id.
    const id = (await readFile(idFile, "utf8")).trim();
    const image = (await this.findImage(id)) ?? (await this.getImage(tag));
    const isNamed = before?.tags.some((other) => other !== tag);
    if (before && !isNamed && before.id !== image.id) await this.removeImage(before.id);
    return image;
  }

  /**
   * Builds the files of a Dockerfile's last stage: see {@link FilesResult}.
   * @throws CommandError (build) when a command of the Dockerfile failed, (engine) otherwise
   */
  async buildFiles(
    request: BuildRequest & { result: FilesResult },
    options: RunOptions = {},
  ): Promise<void> {
    await this.#runBuild(request, options);
  }

  async #runBuild(request: BuildRequest, options: RunOptions): Promise<void> {
    const facts = { ...this.facts, ...(await this.builder()) };
    const { argv, env } = buildImageCommand(facts, request);
    await this.#change(argv, { ...options, env: { ...env, ...options.env } });
  }

  /** Pulls an image. @returns why not, when it cannot be had */
  async tryPull(reference: string, options: RunOptions = {}): Promise<string | undefined> {
    const argv = [this.facts.client, "pull", "--", reference];
    const answer = await runProgram(argv, { signal: this.#signal, ...options });
    return answer.exitCode === 0 ? undefined : lastLine(answer.stderr);
  }

  /** Loads the images of an archive file. @returns what the client said */
  async load(file: string): Promise<string> {
    return this.#change([this.facts.client, "load", "--input", file]);
  }

  /**
   * Begins to load an archive whose bytes are still to come.
   * @returns its input, and what waits for the engine's answer: NuaError (engine) when it refuses
   */
  startLoading(): AsyncDisposable & { stdin: Writable; finish(): Promise<void> } {
    const argv = [this.facts.client, "load"];
    const program = feedProgram(argv, { signal: this.#signal });
    return {
      stdin: program.stdin,
      finish: async () => {
        const answer = await program.ended;
        this.#signal?.throwIfAborted();
        if (answer.exitCode !== 0) throw engineFailure(argv, answer);
      },
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  }

  /** Makes an image of one layer out of a tar file of a root file system. */
  async importRootfs(file: string, tag: string): Promise<void> {
    await this.#change([this.facts.client, "import", "--change", 'CMD ["bash"]', file, tag]);
  }

  async tag(source: string, target: string): Promise<void> {
    await this.#change([this.facts.client, "tag", "--", source, target]);
  }

  /** Removes images; one that is not there or still in use is left alone. */
  async removeImage(...references: string[]): Promise<void> {
    // Also after an interrupt, hence without the signal.
    await runProgram([this.facts.client, "image", "rm", "--", ...references]);
  }

  /**
   * Reads a file out of an image: from a container that is never started, so that it works for
   * an image without a shell.
   * @returns undefined when there is no such file
   * @throws NuaError (check) when it is larger than any that nua-build writes
   */
  async readFile(image: string, path: string): Promise<string | undefined> {
    const client = this.facts.client;
    // An interrupt that kept its name from us would leave the container behind: no signal here.
    const create = [client, "create", ...containerName(), "--", this.nameOf(image), "none"];
    const created = await runProgram(create);
    if (created.exitCode !== 0) throw engineFailure(create, created);
    const container = created.stdout.trim();
    try {
      this.#signal?.throwIfAborted();
      return await readCopied(client, { container, path }, this.#signal);
    } finally {
      // Also after an interrupt, hence without the signal.
      await runProgram([client, "rm", "--force", container]);
    }
  }

  /** What it works with. @throws CommandError (engine) when it does not say */
  async state(): Promise<EngineState> {
    const argv = [this.facts.client, "info", "--format", "{{json .}}"];
    const answer = await runProgram(argv, { signal: this.#signal });
    if (answer.exitCode !== 0) throw engineFailure(argv, answer);
    return parseState(answer.stdout);
  }

  /** Images as the engine writes them: a tar stream in the engine's own layout. */
  save(...references: string[]): AsyncIterable<Uint8Array> {
    const several = this.facts.isPodman && references.length > 1 ? ["--multi-image-archive"] : [];
    const names = references.map((reference) => this.nameOf(reference));
    return streamProgram([this.facts.client, "save", ...several, "--", ...names], {
      signal: this.#signal,
    });
  }

  /** In the order of the references. */
  async #inspect(references: string[]): Promise<(ImageFacts | undefined)[]> {
    const argv = [this.facts.client, "image", "inspect", "--", ...references];
    const answer = await runProgram(argv, { signal: this.#signal });
    if (answer.exitCode === 0) {
      return parseImages(answer.stdout);
    }
    if (!/no such (image|object)|not found|not known/i.test(answer.stderr)) {
      throw engineFailure(argv, answer);
    }
    if (references.length === 1) return [undefined];
    // Those that there are were told all the same; of the others, each client says so otherwise.
    const found = parseImages(answer.stdout || "[]");
    const told = (reference: string) =>
      found.find(({ id, tags }) => id === reference || tags.includes(reference));
    return Promise.all(references.map(async (one) => told(one) ?? (await this.#inspect([one]))[0]));
  }

  async #change(argv: string[], options: RunOptions = {}): Promise<string> {
    const answer = await runProgram(argv, { signal: this.#signal, ...options });
    if (answer.exitCode !== 0) throw engineFailure(argv, answer);
    return answer.stdout;
  }
}

// --- internal ---

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
