import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { DOCKERFILES } from "../assets.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { dockerfileText } from "../plan/dockerfile.ts";
import { dockerignoreText, isStagedAtTop, isStagedInNua } from "../plan/staging.ts";
import { NORMALIZED_CONFIG_FILE } from "../shared/agent-input.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";
import { stageLayers } from "./stage-layers.ts";
import { stageSource } from "./stage-source.ts";
import { type StagedTree, stagePath, stageTree } from "./stage-tree.ts";
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
      const files = plan.method === "wrap" ? 0 : await stageApp({ loaded, plan, folder }, world);
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
  const { root } = loaded;
  const { signal } = world;
  const place = { from: root, to: folder, signal };
  const trees: StagedTree[] = [];
  if (plan.manifest !== null) {
    for (const path of plan.manifest.map(normalize)) {
      const isAll = path === "." || path === "./";
      trees.push(
        await (isAll ? stageTree({ ...place, accept: isStagedAtTop }) : stagePath(path, place)),
      );
    }
  } else if (plan.agent?.source.kind === "local") {
    trees.push(await stageTree({ ...place, accept: isStagedAtTop }));
  }
  const nua = join(root, "nua");
  if (await isFolder(nua)) {
    trees.push(
      await stageTree({ from: nua, to: join(folder, "nua"), accept: isStagedInNua, signal }),
    );
  }
  for (const path of trees.flatMap(({ skipped }) => skipped)) {
    world.report.warn(`Left out "${path}": it is neither a file nor a folder nor a link`);
  }
  return trees.reduce((sum, { files }) => sum + files, 0);
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

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
