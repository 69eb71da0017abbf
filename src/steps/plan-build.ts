import { readFile, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { LoadedConfig } from "../config/load-config.ts";
import { type BuildPlan, type FolderFacts, planBuild } from "../plan/build-plan.ts";
import type { Step } from "./step.ts";

/** Decides everything that can be decided without an engine. */
export const planBuildStep: Step<LoadedConfig, BuildPlan> = {
  name: "plan-build",
  run: readPlan,
};

/** The plan for a configuration and the folder that it stands in. */
export async function readPlan(loaded: LoadedConfig): Promise<BuildPlan> {
  return planBuild({
    config: loaded.config,
    rendered: loaded.rendered,
    fields: loaded.fields,
    facts: await readFolderFacts(loaded),
    lineOf: (path) => loaded.locate(path).line,
  });
}

// --- internal ---

async function readFolderFacts(loaded: LoadedConfig): Promise<FolderFacts> {
  const dockerfiles: Record<string, string> = {};
  for (const path of ["nua/Dockerfile", "Dockerfile"]) {
    const text = await readFile(join(loaded.root, path), "utf8").catch(() => undefined);
    if (text !== undefined) dockerfiles[path] = text;
  }
  return {
    configFile: relative(loaded.root, loaded.file),
    dockerfiles,
    sourceFolder: await findSourceFolder(loaded),
  };
}

/** build.src-url may name a folder of the app's own, as build.project does. */
async function findSourceFolder({ root, fields }: LoadedConfig): Promise<string | null> {
  const { srcUrl } = fields;
  if (srcUrl === "" || srcUrl.includes("://")) return null;
  const inside = relative(root, resolve(root, srcUrl));
  if (inside.startsWith("..")) return null;
  const info = await stat(join(root, inside)).catch(() => undefined);
  return info?.isDirectory() ? inside || "." : null;
}
