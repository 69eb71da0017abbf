/** Stages the inputs of each layer separately, so that a change invalidates one layer only. */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import { unpackLimits } from "../images/archive/unpack-limits.ts";
import { wholeActions } from "../plan/actions.ts";
import { packedOf } from "../plan/app-image.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import {
  AGENT_INPUT_FILE,
  AGENT_INPUT_VERSION,
  type AgentInput,
  agentInputSchema,
  LAYERS_FOLDER,
} from "../protocol/agent-input.ts";
import { BUILD } from "../protocol/layout.ts";
import type { PlannedAction } from "../protocol/planned-action.ts";
import type { Session } from "../session/session.ts";
import { notRegular, readError, resolveInApp } from "../source/app-file.ts";
import type { Source, SourceArchive } from "../source/source.ts";
import { isStagedBelow } from "../source/staged-names.ts";
import { appRules } from "./context-trees.ts";
import type { ContextWriter } from "./context-writer.ts";
import { stageTree } from "./stage-tree.ts";

/**
 * @param writer of the build context
 * @returns the agent's input for the app itself, as a file at the top of the context
 */
export async function stageLayers(
  parts: LayerParts & { builder: BuilderKind },
  session: Session,
): Promise<Record<string, string>> {
  const { plan, writer, builder } = parts;
  const { layers } = plan;
  if (layers.length === 0) return {};
  // Not every builder can mount, and a package's own Dockerfile knows nothing of layers.
  if (!mountsFaithfully(builder) || plan.dockerfile.kind !== "default") {
    const leftOut = plan.packed.omit.filter((path) => path.startsWith(`${BUILD}/`));
    return formatInput("all", { plan, actions: wholeActions(layers, leftOut) }, session);
  }
  for (const { name, files, actions } of layers) {
    if (files === null) continue;
    const target = join(LAYERS_FOLDER, name);
    writer.makeFolder(target);
    // First: no file of the app's takes the name.
    for (const [file, text] of Object.entries(formatInput(name, { plan, actions }, session))) {
      writer.write(join(target, file), text);
    }
    if (parts.source.archive !== null) {
      await stageFromArchive(files, parts.source.archive, { ...parts, target });
    } else for (const file of files) await stagePath(file, { ...parts, target }, session);
  }
  return formatInput("app", { plan, actions: layers.at(-1)!.actions }, session);
}

// --- internal ---

interface LayerParts {
  loaded: LoadedConfig;
  plan: BuildPlan;
  source: Source;
  writer: ContextWriter;
}

/** @param files below the folder that the archive is to be unpacked into */
async function stageFromArchive(
  files: readonly string[],
  archive: SourceArchive,
  { source, writer, target }: LayerParts & { target: string },
): Promise<void> {
  if (files.length === 0) return;
  const dir = source.name;
  const paths = files.map((file) => file.slice(dir.length + 1));
  for await (const { path, kind, bytes, target: leadsTo } of archive.files(paths)) {
    const to = join(target, dir, path);
    if (kind === "link") writer.addLink(to, Buffer.from(leadsTo));
    else writer.write(to, bytes);
  }
}

/**
 * One file or folder that a layer reads. What it leads to, if it is a link: the rest of the app is
 * not there.
 * @throws NuaError (input) when it leads out of the app's folder
 */
async function stagePath(
  path: string,
  parts: LayerParts & { target: string },
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

/** The agent's input for one run of it; limits are of this machine's settings, hence in no plan. */
function formatInput(
  layer: AgentInput["layer"],
  { plan, actions }: { plan: BuildPlan; actions: readonly PlannedAction[] },
  { settings }: Session,
): Record<string, string> {
  const limited = actions.map((action) => ({
    ...action,
    commands: action.commands.map((command) =>
      command.kind === "unpack-source" ? { ...command, limits: unpackLimits(settings) } : command,
    ),
  }));
  const packed = packedOf(plan, layer);
  const input: AgentInput = { version: AGENT_INPUT_VERSION, layer, actions: limited, packed };
  return { [AGENT_INPUT_FILE]: `${JSON.stringify(v.parse(agentInputSchema, input))}\n` };
}
