/** An app in a temporary folder, with the plan that is made of it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../src/config/load-config.ts";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";
import type { BuildPlan } from "../../src/plan/build-plan.ts";
import type { Session } from "../../src/session/session.ts";
import type { Source } from "../../src/source/source.ts";
import { planBuildStep } from "../../src/steps/plan-build.ts";
import { sourceStep } from "../../src/steps/source.ts";
import { METADATA } from "./config.ts";

export interface PlannedApp extends AsyncDisposable {
  /** A folder for whatever else the test makes. */
  folder: string;
  loaded: LoadedConfig;
  plan: BuildPlan;
  source: Source;
}

/**
 * @param build the `[build]` of its configuration, and what comes after that
 * @param files texts by their names
 */
export async function planApp(
  session: Session,
  build = 'build = ["true"]\n[run]\nstart = "true"',
  files: Readonly<Record<string, string>> = {},
): Promise<PlannedApp> {
  const folder = await mkdtemp(join(tmpdir(), "nua-planned-"));
  const root = await mkdtemp(join(folder, "app-"));
  await writeFile(join(root, "nua-config.toml"), `${METADATA}[build]\n${build}\n`);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const loaded = await loadConfig(root, { strict: true });
  const source = await sourceStep.run(loaded, session);
  const plan = await planBuildStep.run({ loaded, source }, session);
  return {
    ...{ folder, loaded, plan, source },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
