/** Stages the inputs of each layer separately, so that a change invalidates one layer only. */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import { unpackLimits } from "../images/archive/unpack-limits.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { layerInput } from "../plan/layers.ts";
import { AGENT_INPUT_FILE, type AgentInput, LAYERS_FOLDER } from "../protocol/agent-input.ts";
import type { Session } from "../session/session.ts";
import { notRegular, readError, resolveInApp } from "../source/app-file.ts";
import { isStagedBelow } from "../source/staged-names.ts";
import { appRules } from "./context-trees.ts";
import type { ContextWriter } from "./context-writer.ts";
import { stageTree } from "./stage-tree.ts";

/**
 * @param writer of the build context
 * @returns the agent's input for the app itself, as a file at the top of the context
 */
export async function stageLayers(
  parts: { loaded: LoadedConfig; plan: BuildPlan; writer: ContextWriter; builder: BuilderKind },
  session: Session,
): Promise<Record<string, string>> {
  const { plan, writer, builder } = parts;
  const { agent, layers } = plan;
  if (agent === null) return {};
  const inputFiles = (input: AgentInput) => formatAgentInput(input, session);
  // Not every builder can mount, and a package's own Dockerfile knows nothing of layers.
  if (!mountsFaithfully(builder) || layers.length === 0) return inputFiles(agent);
  for (const { name, files } of layers) {
    if (files === null) continue;
    const target = join(LAYERS_FOLDER, name);
    writer.makeFolder(target);
    // First: no file of the app's takes the name.
    for (const [file, text] of Object.entries(inputFiles(layerInput(agent, plan, name)))) {
      writer.write(join(target, file), text);
    }
    for (const file of files) await stagePath(file, { ...parts, target }, session);
  }
  return inputFiles(layerInput(agent, plan, "app"));
}

// --- internal ---

/**
 * One file or folder that a layer reads. What it leads to, if it is a link: the rest of the app is
 * not there.
 * @throws NuaError (input) when it leads out of the app's folder
 */
async function stagePath(
  path: string,
  parts: { loaded: LoadedConfig; plan: BuildPlan; writer: ContextWriter; target: string },
  { signal }: Session,
): Promise<void> {
  const { loaded, plan, writer, target } = parts;
  const place = resolveInApp(loaded.root, path);
  if (place === undefined) {
    const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
    throw readError(`Read "${path}"`, join(loaded.root, path), missing);
  }
  const info = lstatSync(place);
  const to = join(target, path);
  if (info.isFile()) {
    writer.addFile(to, place, info);
    return;
  }
  if (!info.isDirectory()) throw notRegular(`Read "${path}"`, place, info);
  const rules = { take: appRules([{ loaded, plan }]), base: path };
  await stageTree({ writer, from: place, to, accept: isStagedBelow, rules, signal });
}

function formatAgentInput(agent: AgentInput, { settings }: Session): Record<string, string> {
  const { source } = agent;
  const limited =
    source.kind === "archive" ? { ...source, limits: unpackLimits(settings) } : source;
  return { [AGENT_INPUT_FILE]: `${JSON.stringify({ ...agent, source: limited })}\n` };
}
