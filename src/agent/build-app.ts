/** Runs the planned actions, one after the other. */
import { mkdirSync, rmSync } from "node:fs";
import { NuaError } from "../lib/errors.ts";
import { parseRewrites, restoreCredentials } from "../lib/rewrites.ts";
import {
  AGENT_INPUT_FILE,
  type AgentInput,
  NORMALIZED_CONFIG_FILE,
  type PackedPaths,
} from "../protocol/agent-input.ts";
import { formatAgentWarning } from "../protocol/agent-report.ts";
import { CACHES_FOLDER } from "../protocol/build-caches.ts";
import { formatCommand } from "../protocol/command.ts";
import { type MissingExchange, RECORD_VARIABLE } from "../protocol/exchanges.ts";
import { BUILD, SCRATCH, TOOLS } from "../protocol/layout.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type { PlannedAction } from "../protocol/planned-action.ts";
import { askForRest, BUILD_CACHES, refusedVersion } from "../registries/registries.ts";
import { installedPackages, isMounted } from "./apt.ts";
import { commandsOf } from "./commands/commands.ts";
import { type Caches, childEnvironment } from "./environment.ts";
import { createExecutor, type Executor, IDENTITIES } from "./executor.ts";
import type { Facts } from "./facts.ts";
import { parseAgentInput } from "./input.ts";
import { createLineWriter } from "./line-writer.ts";
import { missingLibrary } from "./missing-library.ts";
import { outOfMemory } from "./out-of-memory.ts";
import { type LayerWatch, watchLayer } from "./pack-layer.ts";
import type { Route } from "./proxy/lead.ts";
import { createMissingInputs, type MissingInputs } from "./proxy/missing-inputs.ts";
import { openRoute } from "./proxy/route.ts";
import { writeScripts } from "./scripts.ts";
import { diskTree } from "./tree.ts";
import { unavailableVersion } from "./unavailable-version.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface BuildAppOptions {
  /** Folder of the build context when it is mounted; null when it already is /nua/build. */
  context: string | null;
  networkSettings: NetworkSettings;
  env: Environment;
  /** Takes what a person reads. */
  write: (text: string) => void;
  /** Told of each action before it is run. */
  onAction: (name: string) => void;
}

/**
 * @throws NuaError (input) when its input is missing or unreadable, or an input of a build
 *   from a bundle; where the layer is packed, it tells of the latter itself
 * @throws CommandError (build) from the first command that fails
 */
export async function buildApp(options: BuildAppOptions): Promise<void> {
  const lines = createLineWriter(options.write);
  const isPacked = options.env.NUA_PACK === "1";
  rmSync(SCRATCH, { recursive: true, force: true });
  mkdirSync(SCRATCH);
  let layer: AgentInput["layer"] = "all";
  let packed: PackedPaths | undefined;
  let route: Route | undefined;
  let missing: MissingExchange[] = [];
  const warnings: string[] = [];
  // What is there is listed while the rest is made ready.
  const watching = isPacked ? watchLayer() : undefined;
  // Where it fails it is told as soon as it is waited for.
  watching?.catch(() => {});
  let watch: LayerWatch | undefined;
  try {
    route = await openRoute({ ...options, writeLine: lines.writeLine });
    const input = readInput(options.context);
    ({ layer, packed } = input);
    writeScripts();
    const caches = findCaches();
    const facts = readFacts(input, options.context, {
      caches,
      networkSettings: route.networkSettings,
    });
    const missingInputs = createMissingInputs(route, lines.writeLine);
    const work = { ...options, write: lines.write, layer, route, missingInputs, warnings, caches };
    watch = await watching;
    await carryOut(input.actions, facts, work);
    if (missingInputs.haveFailed()) {
      if (!isPacked) throw await missingInputs.error();
      missing = await route.missing();
    }
  } finally {
    await route?.close(layer);
    rmSync(SCRATCH, { recursive: true, force: true });
    if (!isPacked) rmSync(TOOLS, { recursive: true, force: true });
  }
  await watch?.pack(layer, { missing, warnings, ...(packed && { packed }) });
}

// --- internal ---

interface Work extends BuildAppOptions {
  layer: string;
  route: Route;
  missingInputs: MissingInputs;
  caches: Caches;
  /** Those until now. */
  warnings: string[];
}

async function carryOut(
  actions: readonly PlannedAction[],
  facts: Facts,
  work: Work,
): Promise<void> {
  const { missingInputs } = work;
  let current = "";
  const executor = createWorkExecutor(facts, work, () => current);
  for (const action of actions) {
    current = action.name;
    if (missingInputs.haveFailed() && current === "test") continue;
    await missingInputs.tolerate(() => carryOutAction(action, facts, { executor, work }));
  }
}

async function carryOutAction(
  { name, title, commands }: PlannedAction,
  facts: Facts,
  { executor, work }: { executor: Executor; work: Work },
): Promise<void> {
  const { route, missingInputs, write, onAction } = work;
  let isTold = false;
  const warned = new Set<string>();
  for (const planned of commands) {
    for (const command of commandsOf(planned, facts)) {
      if (command.kind === "warn" && warned.has(command.text)) continue;
      if (command.kind === "warn") warned.add(command.text);
      if (!isTold) {
        isTold = true;
        onAction(name);
        await route.setRequester(name);
        write(`==> ${title}\n`);
      }
      await missingInputs.tolerate(() => executor.execute(command));
    }
  }
}

function createWorkExecutor(facts: Facts, work: Work, current: () => string): Executor {
  const { env, caches, layer, route, missingInputs, warnings, write } = work;
  const verbosity = Number(env.nua_verbosity ?? 0);
  return createExecutor({
    env: childEnvironment(
      { ...env, ...route.env, [RECORD_VARIABLE]: undefined },
      route.networkSettings,
      { scratch: SCRATCH, caches },
    ),
    identities: IDENTITIES,
    write,
    warn(text) {
      warnings.push(text);
      write(`${formatAgentWarning({ layer, text })}\n`);
    },
    async onRun(command) {
      await route.setRequester(command.from ?? current());
      if (command.from !== undefined || verbosity >= 2) write(`$ ${formatCommand(command)}\n`);
    },
    async onFailure(command, error, { attempt, ask }) {
      const read = (path: string) => facts.tree.read(path);
      const rest = askForRest(command, read);
      await missingInputs.askForRest(rest, attempt);
      // What a bundle lacks is told as that.
      if ((await route.missing()).length > 0) return undefined;
      const refused = refusedVersion(command, error.tail);
      const told = await unavailableVersion(command, refused, { error, ask, read });
      return told ?? outOfMemory(error) ?? missingLibrary(error);
    },
  });
}

function readInput(context: string | null): AgentInput {
  return parseAgentInput(readRequired(`${context ?? BUILD}/${AGENT_INPUT_FILE}`));
}

function readFacts(
  { layer }: AgentInput,
  context: string | null,
  { caches, networkSettings }: { caches: Caches; networkSettings: NetworkSettings },
): Facts {
  const hasConfig = layer === "all" || layer === "app";
  const rewrites = parseRewrites(networkSettings.rewrites ?? "");
  return {
    tree: diskTree,
    context,
    config: hasConfig ? readRequired(`${context ?? BUILD}/${NORMALIZED_CONFIG_FILE}`) : "",
    programs: import.meta.dir,
    caches: Object.values(caches),
    baseline: installedPackages(diskTree),
    withCredentials: (word) => restoreCredentials(word, rewrites),
  };
}

/** Where nothing is mounted, as in builds for and from bundles, the commands are the same. */
function findCaches(): Caches {
  const all = BUILD_CACHES.map(({ name }) => [name, `${CACHES_FOLDER}/${name}`] as const);
  return Object.fromEntries(all.filter(([, folder]) => isMounted(folder, diskTree)));
}

function readRequired(path: string): string {
  const text = diskTree.read(path);
  if (text !== undefined) return text;
  throw new NuaError("input", `Read "${path}": there is no such file`, {
    hint: 'copy the whole build context before app_builder is run: "COPY . /nua/build"',
    file: path,
  });
}
