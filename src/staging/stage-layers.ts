/** What each layer of an app is made from, apart from the others: a change of one is of one only. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackLimits } from "../archive/unpack-limits.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { layerOrders } from "../plan/layers.ts";
import { AGENT_INPUT_FILE, type AgentInput, LAYERS_FOLDER } from "../shared/agent-input.ts";
import type { World } from "../world.ts";
import { stagePath } from "./stage-tree.ts";

/**
 * @param folder the build context
 * @returns the agent's orders for the app itself, as a file at the top of the context
 */
export async function stageLayers(
  parts: { loaded: LoadedConfig; plan: BuildPlan; folder: string; builder: BuilderKind },
  world: World,
): Promise<Record<string, string>> {
  const { loaded, plan, folder, builder } = parts;
  const { agent, layers } = plan;
  if (agent === null) return {};
  const orders = (input: AgentInput) => formatOrders(input, world);
  // Not every builder can mount, and a package's own Dockerfile knows nothing of layers.
  if (!mountsFaithfully(builder) || layers.length === 0) return orders(agent);
  for (const { name, files } of layers) {
    if (files === null) continue;
    const target = join(folder, LAYERS_FOLDER, name);
    await mkdir(target, { recursive: true });
    for (const file of files) {
      await stagePath(file, { from: loaded.root, to: target, signal: world.signal });
    }
    const [[file, text] = ["", ""]] = Object.entries(orders(layerOrders(agent, plan, name)));
    await writeFile(join(target, file), text);
  }
  return orders(layerOrders(agent, plan, "app"));
}

// --- internal ---

function formatOrders(agent: AgentInput, { settings }: World): Record<string, string> {
  const { source } = agent;
  const limited =
    source.kind === "archive" ? { ...source, limits: unpackLimits(settings) } : source;
  return { [AGENT_INPUT_FILE]: `${JSON.stringify({ ...agent, source: limited })}\n` };
}
