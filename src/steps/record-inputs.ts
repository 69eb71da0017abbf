/** Runs a build to record its inputs, without keeping an image. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { runsAgent } from "../dockerfile/dockerfile.ts";
import { lastStage, stagesThatRun } from "../dockerfile/images.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../lib/process.ts";
import { type Exchange, exchangeListSchema, RECORD_FOLDER } from "../protocol/exchanges.ts";
import { runTag } from "../runs/own-names.ts";
import type { Session } from "../session/session.ts";
import { type BuilderInput, type BuilderRequest, runBuilder } from "./run-builder.ts";
import type { Step } from "./step.ts";

/** What the commands of a build have read. */
export interface ReadInputs {
  exchanges: Exchange[];
  /** With the blobs that they name. */
  folder: string;
}

/**
 * Does a build for what it reads, whatever it makes. What was read lies beside the context, and is
 * gone with it.
 */
export const recordInputsStep: Step<BuilderInput, ReadInputs> = {
  name: "record-inputs",
  async run(input, session) {
    const folder = join(dirname(input.context.folder), "read");
    await mkdir(folder);
    // An image that is wrapped runs nothing.
    if (input.plan.method === "wrap") return { exchanges: [], folder };
    // What is in a cache would not be read.
    const wanted = { ...input, noCache: true };
    const { warnings } = await runBuilder(wanted, session, (request, options) =>
      readInputs({ ...wanted, folder }, { request, options }, session),
    );
    for (const { text } of warnings) session.report.warn(text);
    return { exchanges: await readExchanges(folder), folder };
  },
};

// --- internal ---

type Reading = BuilderInput & { folder: string };

async function readInputs(
  input: Reading,
  { request, options }: { request: BuilderRequest; options: RunOptions },
  session: Session,
): Promise<void> {
  const { context, folder } = input;
  const engine = await session.engine();
  const { builder } = await engine.builder();
  const text = await readFile(context.dockerfile, "utf8");
  const { stages, last } = readingStages(input, builder, text);
  // What other commands read is not seen.
  if (stages.length === 0) return;
  // Beside the context, whose every file is an input.
  const dockerfile = join(dirname(context.folder), "Dockerfile.read");
  const write = (target: string) =>
    writeFile(dockerfile, `${text}${lastStage(stages, { from: RECORD_FOLDER, to: target })}`);
  if (mountsFaithfully(builder)) {
    await write("/");
    await engine.buildFiles({ ...request, dockerfile, result: { kind: "files", folder } }, options);
    return;
  }
  // What is built for other stages, that builder leaves behind.
  await (stages.join() === last ? writeFile(dockerfile, text) : write(`${RECORD_FOLDER}/`));
  const tag = runTag("nua-record");
  const result = { kind: "image", tag, labels: {}, idFile: context.idFile } as const;
  try {
    const image = await engine.build({ ...request, dockerfile, result }, options);
    await copyOut(image.id, folder, engine);
  } finally {
    await engine.removeImage(tag);
  }
}

/** Names or numbers of the Dockerfile's stages in which the agent works. */
function readingStages({ plan }: BuilderInput, builder: BuilderKind, text: string) {
  const found = stagesThatRun(text, runsAgent);
  const isOurs = plan.dockerfile.kind === "default" && mountsFaithfully(builder);
  return isOurs ? { ...found, stages: plan.layers.map(({ name }) => name) } : found;
}

async function copyOut(image: string, folder: string, engine: Engine): Promise<void> {
  const request = { image, argv: ["none"], network: "none" };
  await using container = await engine.createContainer(request);
  await container.copyOut(RECORD_FOLDER, folder);
}

/** Of all layers: each has a list of its own. */
async function readExchanges(folder: string): Promise<Exchange[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const lists = await Promise.all(
    names.map(async (name) =>
      v.parse(exchangeListSchema, JSON.parse(await readFile(join(folder, name), "utf8"))),
    ),
  );
  return lists.flatMap(({ exchanges }) => exchanges);
}
