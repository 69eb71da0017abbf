/** An app is built once for what that reads. */
import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { baseTag } from "../../bases/base-images.ts";
import { textWithoutCredentials } from "../../config/credentials.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { findSubApps, loadSubApp } from "../../config/sub-app.ts";
import { appInHand } from "../../context/app-in-hand.ts";
import { bundlePaths } from "../../context/context-trees.ts";
import { reportNotes } from "../../context/report-notes.ts";
import { dockerfileNeeds } from "../../dockerfile/images.ts";
import { NuaError } from "../../lib/errors.ts";
import type { BuildPlan } from "../../plan/build-plan.ts";
import { BLOBS_FOLDER, type Exchange } from "../../protocol/exchanges.ts";
import { type Session, withCredentials, withInput } from "../../session/session.ts";
import { createTakeRules } from "../../source/take-rules.ts";
import { ensureBasesStep } from "../../steps/ensure-bases.ts";
import { planBuildStep } from "../../steps/plan-build.ts";
import { recordInputsStep } from "../../steps/record-inputs.ts";
import { sourceStep } from "../../steps/source.ts";
import { stageContextStep } from "../../steps/stage-context.ts";
import { createStepRunner } from "../../steps/step.ts";
import type { BlobFile } from "../bundle/blob-file.ts";
import type { BundleApp } from "../bundle/bundle-index.ts";
import { packApp } from "../bundle/pack-app.ts";
import { RecordingInput } from "./recording-input.ts";

/** An app, with all that its builds have read. */
export interface CapturedApp {
  app: BundleApp;
  exchanges: Exchange[];
  /** By digest. */
  blobs: Map<string, BlobFile>;
  /** Tags of the images that it is built upon; the engine holds them. */
  images: Set<string>;
}

/**
 * @param folder for what is kept; it has to stay as long as the blobs are wanted
 * @throws NuaError with the code of what went wrong, as any build does
 */
export async function captureApp(
  loaded: LoadedConfig,
  folder: string,
  session: Session,
): Promise<CapturedApp> {
  await mkdir(join(folder, BLOBS_FOLDER), { recursive: true });
  const captured: Omit<CapturedApp, "app"> = {
    exchanges: [],
    blobs: new Map(),
    images: new Set(),
  };
  const subApps = findSubApps(loaded.config).map((subApp) => loadSubApp(loaded, subApp));
  const all = [...subApps, loaded];
  const built: { loaded: LoadedConfig; plan: BuildPlan }[] = [];
  for (const [index, one] of all.entries()) {
    const plan = await captureBuild(one, join(folder, String(index)), captured, session);
    built.push({ loaded: one, plan });
  }
  const { root, file } = loaded;
  const { tag } = built.at(-1)!.plan;
  const hidden = all.flatMap(({ credentials }) => credentials);
  const configText = hidden.length > 0 ? textWithoutCredentials(loaded, hidden) : undefined;
  const rules = createTakeRules(root, bundlePaths(built));
  const request = { root, file, configText, tag, rules, folder };
  const packed = await packApp({ ...request, signal: session.signal });
  // Where a build takes the whole folder, it has told them already.
  const isTold = built.some(({ plan }) => plan.manifest === null && isLocal(plan));
  if (!isTold) reportNotes(packed.notes, session.report);
  captured.blobs.set(packed.app.source, packed.blob);
  return { ...captured, app: packed.app };
}

// --- internal ---

function isLocal({ agent }: BuildPlan): boolean {
  return agent?.source.kind === "local";
}

async function captureBuild(
  loaded: LoadedConfig,
  folder: string,
  captured: Omit<CapturedApp, "app">,
  shared: Session,
): Promise<BuildPlan> {
  const session = withCredentials(shared, loaded.credentials);
  const recording = new RecordingInput(join(folder, "fetched"));
  const capturing = withInput(session, recording);
  const runCapturing = createStepRunner(capturing);
  await using source = await runCapturing(sourceStep, loaded);
  const plan = await runCapturing(planBuildStep, { loaded, source });
  recording.admit(appInHand({ loaded, plan }));
  session.report.step(`Build ${plan.tag} to see what that reads`);
  const run = createStepRunner(session);
  await run(ensureBasesStep, { plan, pull: false, reproducible: false });
  for (const tag of await findImages(loaded, plan, session)) captured.images.add(tag);
  await mkdir(folder, { recursive: true });
  await using context = await runCapturing(stageContextStep, { loaded, plan, source });
  const inputs = await runCapturing(recordInputsStep, { loaded, plan, context });
  // From beside the context, which is gone soon.
  const kept = join(folder, "read");
  await rename(inputs.folder, kept);
  for (const { content, bytes } of inputs.exchanges) {
    if (content === null) continue;
    captured.blobs.set(content, { file: join(kept, BLOBS_FOLDER, content), bytes });
  }
  for (const [sha256, blob] of recording.blobs) captured.blobs.set(sha256, blob);
  captured.exchanges.push(...recording.exchanges, ...inputs.exchanges);
  return plan;
}

/** All that the app's Dockerfile starts from. */
async function findImages(
  { root }: LoadedConfig,
  { method, images, dockerfile }: BuildPlan,
  session: Session,
): Promise<string[]> {
  if (method === "wrap") return [images.base];
  const bases = images.needed.map(baseTag);
  if (dockerfile.kind !== "package" || dockerfile.file === null) return bases;
  const text = await readFile(join(root, dockerfile.file), "utf8");
  const { images: named } = dockerfileNeeds(text, { nua_builder_tag: images.builder ?? "" });
  const engine = await session.engine();
  for (const tag of named) {
    if (await engine.findImage(tag)) continue;
    session.report.step(`Pull ${tag}`);
    const refusal = await engine.tryPull(tag, { onLine: session.report.output });
    if (refusal === undefined) continue;
    throw new NuaError("input", `Pull image "${tag}": ${refusal}`, { file: dockerfile.file });
  }
  return [...new Set([...bases, ...named])];
}
