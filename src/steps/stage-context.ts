import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DOCKERFILES } from "../assets.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { dockerfileText } from "../plan/dockerfile.ts";
import { dockerignoreText } from "../plan/staging.ts";
import { NORMALIZED_CONFIG_FILE } from "../shared/agent-input.ts";
import { contextTrees } from "../staging/context-trees.ts";
import { stageLayers } from "../staging/stage-layers.ts";
import { stageSource } from "../staging/stage-source.ts";
import { stageTree } from "../staging/stage-tree.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";
import type { Step } from "./step.ts";

/** A folder with all that the engine needs; it disappears when it is disposed of. */
export interface StagedContext extends AsyncDisposable {
  /** The build context. */
  folder: string;
  /** A file beside the context, for the image's id. */
  idFile: string;
  /** How many files of the app were staged. */
  files: number;
}

/** Collects the build context in the layout that packages' own Dockerfiles rely on. */
export const stageContextStep: Step<{ loaded: LoadedConfig; plan: BuildPlan }, StagedContext> = {
  name: "stage-context",
  async run({ loaded, plan }, world) {
    const temp = await createTempFolder(world.settings.buildDir);
    try {
      const folder = join(temp.path, "context");
      await mkdir(join(folder, "nua"), { recursive: true });
      const files = await stageApp({ loaded, plan, folder }, world);
      await stageSource({ loaded, plan, folder }, world);
      await writeGenerated(folder, loaded, plan, world);
      world.report.detail(`${files} files staged in ${folder}`);
      return {
        folder,
        idFile: join(temp.path, "image-id"),
        files,
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
): Promise<number> {
  let count = 0;
  for (const { to, ...tree } of await contextTrees(loaded, plan)) {
    const staged = await stageTree({ ...tree, to: join(folder, to), signal: world.signal });
    count += staged.files;
    for (const path of staged.skipped) {
      world.report.warn(`Left out "${path}": it is neither a file nor a folder nor a link`);
    }
  }
  return count;
}

async function writeGenerated(
  folder: string,
  loaded: LoadedConfig,
  plan: BuildPlan,
  world: World,
): Promise<void> {
  const { builder } = await (await world.engine()).builder();
  const own = plan.dockerfile.file;
  const dockerfile = dockerfileText(plan, builder, {
    own: own === null ? "" : await readFile(join(loaded.root, own), "utf8"),
    shipped: DOCKERFILES,
  });
  const ignored = await readFile(join(loaded.root, ".dockerignore"), "utf8").catch(() => "");
  const files = {
    Dockerfile: dockerfile,
    ".dockerignore": dockerignoreText(ignored),
    [NORMALIZED_CONFIG_FILE]: formatConfig(plan.config),
    ...(await stageLayers({ loaded, plan, folder, builder }, world)),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

/** Four spaces and raw UTF-8: the orchestrator reads it with a YAML parser (no tabs). */
function formatConfig(config: BuildPlan["config"]): string {
  return `${JSON.stringify(config, null, 4)}\n`;
}
