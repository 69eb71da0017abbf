/** Builds the app: reads the orders, then runs one action after the other. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import {
  AGENT_INPUT_FILE,
  NORMALIZED_CONFIG_FILE,
  type Surroundings,
} from "../shared/agent-input.ts";
import { AGENT_WARNING_MARKER } from "../shared/agent-report.ts";
import { NuaError } from "../shared/errors.ts";
import type { Facts } from "./action.ts";
import { ACTIONS } from "./actions.ts";
import { installedPackages, mirrorSources } from "./apt.ts";
import { writeCertificates } from "./certificates.ts";
import { formatCommand } from "./command.ts";
import { createExecutor, IDENTITIES } from "./executor.ts";
import { parseAgentInput } from "./input.ts";
import { BUILD } from "./layout.ts";
import { registryEnvironment } from "./surroundings.ts";
import { diskTree } from "./tree.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface BuildAppOptions {
  /** Folder of the build context when it is mounted; null when it already is /nua/build. */
  context: string | null;
  surroundings: Surroundings;
  env: Environment;
  /** Takes what a person reads. */
  write: (text: string) => void;
  /** Told of each action before it is run. */
  onAction: (name: string) => void;
}

/**
 * @throws NuaError (input) when the orders are missing or unreadable
 * @throws CommandError (build) from the first command that fails
 */
export async function buildApp(options: BuildAppOptions): Promise<void> {
  const { surroundings, write } = options;
  const verbosity = Number(options.env.nua_verbosity ?? 0);
  rmSync(SCRATCH, { recursive: true, force: true });
  mkdirSync(SCRATCH);
  try {
    const facts = readFacts(options);
    const executor = createExecutor({
      env: childEnvironment(options.env, surroundings),
      identities: IDENTITIES,
      write,
      warn: (text) => write(`${AGENT_WARNING_MARKER}${text}\n`),
      onRun: (command) => {
        if (command.from !== undefined || verbosity >= 2) write(`$ ${formatCommand(command)}\n`);
      },
    });
    for (const action of ACTIONS) {
      const title = action.describe(facts);
      if (title === null) continue;
      options.onAction(action.name);
      write(`==> ${title}\n`);
      for (const command of action.commands(facts)) await executor.execute(command);
    }
  } finally {
    rmSync(SCRATCH, { recursive: true, force: true });
  }
}

// --- internal ---

/**
 * Not in /tmp, which build commands like to empty. Always the same: pip writes down where it has
 * found a wheel, and two builds should make the same image.
 */
const SCRATCH = "/var/tmp/nua-agent";

function readFacts({ context, env, surroundings }: BuildAppOptions): Facts {
  const folder = context ?? BUILD;
  const input = parseAgentInput(readRequired(`${folder}/${AGENT_INPUT_FILE}`));
  const dir = input.source.dir.replace(/^\.?\/*|\/+$/g, "");
  return {
    input,
    tree: diskTree,
    source: dir === "" ? BUILD : `${BUILD}/${dir}`,
    context,
    config: readRequired(`${folder}/${NORMALIZED_CONFIG_FILE}`),
    scratch: SCRATCH,
    caches: {
      pip: env.NUA_PIP_CACHE || null,
      npm: env.NUA_NPM_CACHE || null,
      yarn: env.NUA_YARN_CACHE || null,
    },
    baseline: installedPackages(diskTree),
    npmRegistry: surroundings.npmRegistry ?? null,
  };
}

function readRequired(path: string): string {
  const text = diskTree.read(path);
  if (text !== undefined) return text;
  throw new NuaError("input", `Read "${path}": there is no such file`, {
    hint: 'copy the whole build context before app_builder is run: "COPY . /nua/build"',
    file: path,
  });
}

/** What the build's programs get beside the variables of their user. */
function childEnvironment(env: Environment, surroundings: Surroundings) {
  const certificates = writeCertificates(surroundings.ca, SCRATCH);
  const temporary = `${SCRATCH}/tmp`;
  mkdirSync(temporary);
  // Both users write here; what they forget is not part of the image.
  for (const folder of [SCRATCH, temporary]) chmodSync(folder, 0o1777);
  return {
    ...env,
    ...registryEnvironment(surroundings),
    ...certificates.env,
    ...aptEnvironment(surroundings.aptMirror, certificates.path),
    TMPDIR: temporary,
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** apt takes the mirror and the certificates from files that only exist during the build. */
function aptEnvironment(
  aptMirror: string | undefined,
  certificates: string | null,
): Record<string, string> {
  const lines = certificates === null ? [] : [`Acquire::https::CAInfo "${certificates}";`];
  if (aptMirror !== undefined) {
    const sources = `${SCRATCH}/sources.list`;
    writeFileSync(sources, mirrorSources(aptMirror, diskTree));
    lines.push(`Dir::Etc::sourcelist "${sources}";`, 'Dir::Etc::sourceparts "/dev/null";');
  }
  if (lines.length === 0) return {};
  const config = `${SCRATCH}/apt.conf`;
  writeFileSync(config, `${lines.join("\n")}\n`);
  return { APT_CONFIG: config };
}
