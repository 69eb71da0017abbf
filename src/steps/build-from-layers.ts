/** Builds an app's layers, and assembles the image. */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { imageLayers, layerInstructions } from "../dockerfile/dockerfile.ts";
import type { FilesResult } from "../engine/build-args.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import {
  type AssembledImage,
  type AssemblyRequest,
  assembleImage,
  findMissing,
} from "../images/assembly/assemble-image.ts";
import { readLayers } from "../images/assembly/read-layers.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { AppLayer } from "../protocol/agent-input.ts";
import type { AgentWarning } from "../protocol/agent-report.ts";
import type { Session } from "../session/session.ts";

export interface LayersRequest {
  plan: BuildPlan;
  /** Folder of the staged context, whose Dockerfile ends where the layers are named. */
  context: { folder: string };
  /** What the engine is to call the image. */
  loadAs: string;
  /** The app's image as it was. */
  before: ImageFacts | undefined;
  labels: Readonly<Record<string, string>>;
  /** Layers that the engine is likely to hold: they are handed out only if it does not. */
  unchanged?: ReadonlySet<AppLayer> | undefined;
}

/** @param build has the engine build the last stage of the context's Dockerfile */
export async function buildFromLayers(
  { plan, context, loadAs, before, labels, unchanged = new Set() }: LayersRequest,
  session: Session,
  build: (request: { dockerfile: string; result: FilesResult }) => Promise<void>,
): Promise<AssembledImage & { warnings: AgentWarning[] }> {
  const engine = await session.engine();
  const folder = join(dirname(context.folder), "layers");
  const text = await readFile(join(context.folder, "Dockerfile"), "utf8");
  // Beside the context, whose every file is an input of the app's layer.
  const dockerfile = join(dirname(context.folder), "Dockerfile");
  const names = imageLayers(plan);
  // Of those that are not in the image, only what they turned out to be.
  const all = plan.layers.map(({ name }) => name);
  let warnings: AgentWarning[] = [];
  const attempt = async (wanted: ReadonlySet<AppLayer>): Promise<AssemblyRequest> => {
    await writeFile(dockerfile, `${text}${layerInstructions(all, wanted)}`);
    const [base] = await Promise.all([
      engine.getImage(plan.images.base),
      build({ dockerfile, result: { kind: "files", folder } }),
    ]);
    const made = await readLayers(folder, all);
    warnings = made.flatMap((one) => one.warnings.map((text) => ({ layer: one.name, text })));
    const layers = made.filter(({ name }) => names.includes(name));
    const { healthcheck } = plan.config;
    const { base: baseTag } = plan.images;
    const { tag, declared, command } = plan;
    const said = { labels, healthcheck, declared, command };
    return { tag, loadAs, base, baseTag, before, layers, ...said };
  };
  let request = await attempt(new Set(names.filter((name) => !unchanged.has(name))));
  if (findMissing(request).length > 0) request = await attempt(new Set(names));
  return { ...(await assembleImage(request, session)), warnings };
}
