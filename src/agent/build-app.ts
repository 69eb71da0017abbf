/** Builds the app: reads the orders, then runs one action after the other. */
import { mkdirSync, rmSync } from "node:fs";
import { NuaError } from "../lib/errors.ts";
import { parseRewrites, restoreCredentials } from "../lib/rewrites.ts";
import { AGENT_INPUT_FILE, NORMALIZED_CONFIG_FILE } from "../protocol/agent-input.ts";
import { formatAgentWarning } from "../protocol/agent-report.ts";
import { type MissingExchange, RECORD_VARIABLE } from "../protocol/exchanges.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type { Facts } from "./action.ts";
import { ACTIONS } from "./actions.ts";
import { installedPackages, isMounted } from "./apt.ts";
import { formatCommand } from "./command.ts";
import { childEnvironment } from "./environment.ts";
import { createExecutor, type Executor, IDENTITIES } from "./executor.ts";
import { parseAgentInput } from "./input.ts";
import { BUILD } from "./layout.ts";
import { createLineWriter } from "./line-writer.ts";
import { watchLayer } from "./pack-layer.ts";
import { commandsForRest } from "./proxy/ask-for-rest.ts";
import { createMissingInputs, type MissingInputs } from "./proxy/missing-inputs.ts";
import { openRoute, type Route } from "./proxy/route.ts";
import { diskTree } from "./tree.ts";

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
  let layer = "";
  let route: Route | undefined;
  let missing: MissingExchange[] = [];
  const warnings: string[] = [];
  const watch = isPacked ? watchLayer() : undefined;
  try {
    route = await openRoute({ ...options, writeLine: lines.writeLine });
    const facts = readFacts({ ...options, networkSettings: route.networkSettings });
    layer = facts.input.layer;
    const missingInputs = createMissingInputs(route, lines.writeLine);
    await runActions(facts, { ...options, write: lines.write, route, missingInputs, warnings });
    if (missingInputs.haveFailed()) {
      if (!isPacked) throw await missingInputs.error();
      missing = await route.missing();
    }
  } finally {
    await route?.close(layer);
    rmSync(SCRATCH, { recursive: true, force: true });
  }
  await watch?.pack(layer, { missing, warnings });
}

// --- internal ---

/**
 * Not in /tmp, which build commands like to empty. Always the same: pip writes down where it has
 * found a wheel, and two builds should make the same image.
 */
const SCRATCH = "/var/tmp/nua-agent";

/** Where the default Dockerfile mounts /nua of the stage with the dependencies. */
const BESIDE = "/run/nua/dependencies";

interface Work extends BuildAppOptions {
  route: Route;
  missingInputs: MissingInputs;
  /** Those until now. */
  warnings: string[];
}

async function runActions(facts: Facts, work: Work): Promise<void> {
  const { route, missingInputs, write, onAction } = work;
  let current = "";
  const executor = createWorkExecutor(facts, work, () => current);
  for (const action of ACTIONS[facts.input.layer]) {
    current = action.name;
    if (missingInputs.haveFailed() && current === "test") continue;
    await missingInputs.tolerate(async () => {
      const title = action.describe(facts);
      if (title === null) return;
      onAction(action.name);
      await route.wantFor(action.name);
      write(`==> ${title}\n`);
      for (const command of action.commands(facts)) {
        await missingInputs.tolerate(() => executor.execute(command));
      }
    });
  }
}

function createWorkExecutor(
  facts: Facts,
  { env, route, missingInputs, warnings, write }: Work,
  current: () => string,
): Executor {
  const verbosity = Number(env.nua_verbosity ?? 0);
  return createExecutor({
    env: childEnvironment(
      { ...env, ...route.env, [RECORD_VARIABLE]: undefined },
      route.networkSettings,
      facts,
    ),
    identities: IDENTITIES,
    write,
    warn(text) {
      warnings.push(text);
      write(`${formatAgentWarning({ layer: facts.input.layer, text })}\n`);
    },
    async onRun(command) {
      await route.wantFor(command.from ?? current());
      if (command.from !== undefined || verbosity >= 2) write(`$ ${formatCommand(command)}\n`);
    },
    onFailure: (command, attempt) =>
      missingInputs.askForRest(commandsForRest(command, facts.tree), attempt),
  });
}

function readFacts({ context, env, networkSettings }: BuildAppOptions): Facts {
  const folder = context ?? BUILD;
  const given = parseAgentInput(readRequired(`${folder}/${AGENT_INPUT_FILE}`));
  const rewrites = parseRewrites(networkSettings.rewrites ?? "");
  const restored = ({ item, from }: { item: string; from: string }) => ({
    item: restoreCredentials(item, rewrites),
    from,
  });
  const input = { ...given, pipInstall: given.pipInstall.map(restored) };
  const hasConfig = input.layer === "all" || input.layer === "app";
  const dir = input.source.dir.replace(/^\.?\/*|\/+$/g, "");
  return {
    input,
    tree: diskTree,
    source: dir === "" ? BUILD : `${BUILD}/${dir}`,
    context,
    config: hasConfig ? readRequired(`${folder}/${NORMALIZED_CONFIG_FILE}`) : "",
    dependencies: input.layer === "app" && input.dependencies === "beside" ? BESIDE : null,
    scratch: SCRATCH,
    programs: import.meta.dir,
    caches: {
      pip: cacheFolder(env.NUA_PIP_CACHE),
      npm: cacheFolder(env.NUA_NPM_CACHE),
      yarn: cacheFolder(env.NUA_YARN_CACHE),
    },
    baseline: installedPackages(diskTree),
    npmRegistry: networkSettings.npmRegistry ?? null,
  };
}

/** Where nothing is mounted, as in builds for and from bundles, the commands are the same. */
function cacheFolder(folder: string | undefined): string | null {
  return folder && isMounted(folder, diskTree) ? folder : null;
}

function readRequired(path: string): string {
  const text = diskTree.read(path);
  if (text !== undefined) return text;
  throw new NuaError("input", `Read "${path}": there is no such file`, {
    hint: 'copy the whole build context before app_builder is run: "COPY . /nua/build"',
    file: path,
  });
}
