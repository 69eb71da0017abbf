import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DOCKERFILES } from "../assets.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import { cacheKey } from "../inputs/cache-key.ts";
import { newContextName } from "../inputs/context-name.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { dockerfileText, isAssembled, runsAgent } from "../plan/dockerfile.ts";
import { withImageNames } from "../plan/dockerfile-images.ts";
import { dockerignoreText } from "../plan/staging.ts";
import { readingMode } from "../reading.ts";
import { inputsTag } from "../sealed/inputs-image.ts";
import { NORMALIZED_CONFIG_FILE } from "../shared/agent-input.ts";
import { contextTrees } from "../staging/context-trees.ts";
import { stageInputs } from "../staging/stage-inputs.ts";
import { stageLayers } from "../staging/stage-layers.ts";
import { stageSource } from "../staging/stage-source.ts";
import { stageTree } from "../staging/stage-tree.ts";
import { withSurroundings } from "../surroundings.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";
import type { Step } from "./step.ts";

/** A folder with all that the engine needs; it disappears when it is disposed of. */
export interface StagedContext extends AsyncDisposable {
  /** The build context. */
  folder: string;
  /** Of the build: in the context, or beside it. */
  dockerfile: string;
  /** A file beside the context, for the image's id. */
  idFile: string;
  /** Whether the image is made from the layers that its Dockerfile hands out. */
  assembled: boolean;
  /** The image of the inputs that its Dockerfile names, which the build has to make. */
  inputsImage: string | undefined;
}

/** Collects the build context in the layout that packages' own Dockerfiles rely on. */
export const stageContextStep: Step<
  /** The name of its folder: see context-name.ts. */
  { loaded: LoadedConfig; plan: BuildPlan; contextName?: string },
  StagedContext
> = {
  name: "stage-context",
  async run({ loaded, plan, contextName = newContextName() }, world) {
    const temp = await createTempFolder(world.settings.buildDir);
    try {
      const folder = join(temp.path, contextName);
      await mkdir(join(folder, "nua"), { recursive: true });
      const size = await stageApp({ loaded, plan, folder }, world);
      await stageSource({ loaded, plan, folder }, world);
      const engine = await world.engine();
      const [{ builder }, base] = await Promise.all([
        engine.builder(),
        engine.findImage(plan.images.base),
      ]);
      const mode = readingMode(world.reading);
      // A builder that cannot mount gets them otherwise, or they would stay in the image.
      const mountsInputs = mode === "sealed" && mountsFaithfully(builder);
      const inputsImage =
        mountsInputs && plan.dockerfile.kind === "package" ? inputsTag() : undefined;
      if (mountsInputs && inputsImage === undefined) await stageInputs(folder, world);
      const assembled = mode !== "captured" && isAssembled(plan, { builder, base }, size);
      const staging = { loaded, plan, folder, builder, assembled, inputsImage };
      const dockerfile = await writeGenerated(staging, world);
      world.report.detail(`${size.files} files staged in ${folder}`);
      return {
        folder,
        idFile: join(temp.path, "image-id"),
        ...{ dockerfile, assembled, inputsImage },
        [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
      };
    } catch (error) {
      await temp[Symbol.asyncDispose]();
      throw error;
    }
  },
};

// --- internal ---

async function stageApp(
  { loaded, plan, folder }: { loaded: LoadedConfig; plan: BuildPlan; folder: string },
  world: World,
): Promise<{ files: number; bytes: number }> {
  const size = { files: 0, bytes: 0 };
  for (const { to, ...tree } of await contextTrees(loaded, plan)) {
    const staged = await stageTree({ ...tree, to: join(folder, to), signal: world.signal });
    size.files += staged.files;
    size.bytes += staged.bytes;
    for (const path of staged.skipped) {
      world.report.warn(`Left out "${path}": it is neither a file nor a folder nor a link`);
    }
  }
  return size;
}

interface Staging {
  loaded: LoadedConfig;
  plan: BuildPlan;
  folder: string;
  builder: BuilderKind;
  assembled: boolean;
  inputsImage: string | undefined;
}

/** @returns the Dockerfile that is to be built */
async function writeGenerated(
  { loaded, plan, folder, builder, assembled, inputsImage }: Staging,
  world: World,
): Promise<string> {
  const own = plan.dockerfile.file;
  const texts = {
    own: own === null ? "" : await readFile(join(loaded.root, own), "utf8"),
    shipped: DOCKERFILES,
  };
  const engine = await world.engine();
  const plain = dockerfileText(plan, { builder, assembled }, texts);
  const reading = readingMode(world.reading);
  const way = { ...{ builder, assembled, reading }, inputsTag: inputsImage };
  const text = dockerfileText(plan, { ...way, cacheKey: await cacheKey(loaded) }, texts);
  const named = withImageNames(text, (image) => engine.nameOf(image));
  const used = await addSurroundings(named, { plan }, world);
  // What a package copies into its image says nothing of how that was built.
  const isApart = plan.dockerfile.kind === "package" && used !== plain;
  const ignored = await readFile(join(loaded.root, ".dockerignore"), "utf8").catch(() => "");
  const files = {
    Dockerfile: isApart ? plain : used,
    ".dockerignore": dockerignoreText(ignored),
    [NORMALIZED_CONFIG_FILE]: formatConfig(plan.config),
    ...(await stageLayers({ loaded, plan, folder, builder }, world)),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  if (!isApart) return join(folder, "Dockerfile");
  const apart = join(dirname(folder), "Dockerfile.used");
  await writeFile(apart, used);
  return apart;
}

/** Four spaces and raw UTF-8: the orchestrator reads it with a YAML parser (no tabs). */
function formatConfig(config: BuildPlan["config"]): string {
  return `${JSON.stringify(config, null, 4)}\n`;
}

/** A Dockerfile is left as it is where there is no secret to hand over. */
async function addSurroundings(
  dockerfile: string,
  { plan }: Pick<Staging, "plan">,
  world: World,
): Promise<string> {
  const isOurs = plan.dockerfile.kind === "default";
  const { secrets } = await world.handover({ isOurs });
  if (secrets.length === 0) return dockerfile;
  return isOurs ? withSurroundings(dockerfile) : withSurroundings(dockerfile, runsAgent);
}
