/** What the engine and its client can do: asked once, changing nothing. */
import { CommandError, NuaError } from "../lib/errors.ts";
import { type CommandResult, runProgram } from "../lib/process.ts";
import type { Dialect } from "./dialect.ts";
import { DOCKER } from "./docker.ts";
import type { BuilderFacts, EngineFacts } from "./facts.ts";
import { PODMAN } from "./podman.ts";

export interface ProbedEngine {
  facts: EngineFacts;
  dialect: Dialect;
}

/**
 * Asks the client for its and the engine's versions.
 * @throws NuaError (engine) when the client is missing, no engine answers or it may not be used
 */
export async function probeEngine(client: string, signal?: AbortSignal): Promise<ProbedEngine> {
  const argv = [client, "version", "--format", "{{json .}}"];
  const answer = await runProgram(argv, { signal }).catch((cause) => {
    signal?.throwIfAborted();
    throw cause instanceof CommandError ? clientMissing(client, cause) : cause;
  });
  const told = parseJson(answer.stdout);
  for (const dialect of DIALECTS) {
    const versions = dialect.readVersions(told);
    if (versions === undefined) continue;
    const { product, joinsNetworks } = dialect;
    return { dialect, facts: { client, ...versions, product, joinsNetworks } };
  }
  throw engineMissing(client, answer);
}

/**
 * Asks the client how it builds images: not needed for anything else, and slower to tell.
 * @param engine what is known of the engine, perhaps not yet: it is not waited for to ask
 */
export async function probeBuilder(
  client: string,
  engine: ProbedEngine | Promise<ProbedEngine>,
  signal?: AbortSignal,
): Promise<BuilderFacts> {
  const ask = (...words: string[]) => runProgram([client, ...words], { signal });
  const answers = Promise.all([ask("buildx", "version"), ask("context", "show")]).then(
    ([buildx, context]) => ({ buildx, context }),
  );
  // Without a client there is no engine either, which tells more.
  answers.catch(() => {});
  const { facts, dialect } = await engine;
  return dialect.describeBuilder(facts.clientVersion, answers);
}

// --- internal ---

/** The first that understands what the client says of itself. */
const DIALECTS: readonly Dialect[] = [PODMAN, DOCKER];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function clientMissing(client: string, cause: unknown): NuaError {
  return new NuaError("engine", `Start the engine's client "${client}": it was not found`, {
    hint: "install Docker (Debian, Ubuntu: apt-get install docker.io), or name the client with NUA_ENGINE",
    cause,
  });
}

function engineMissing(client: string, answer: CommandResult): NuaError {
  const host = process.env.DOCKER_HOST ? ` at DOCKER_HOST "${process.env.DOCKER_HOST}"` : "";
  const said = answer.stderr.trim().split("\n").at(-1) ?? "";
  if (/permission denied/i.test(said)) {
    return new NuaError(
      "engine",
      `Reach the engine through "${client}"${host}: permission denied`,
      {
        hint: "run as root, or join the group of the engine's socket: sudo usermod -aG docker $USER",
      },
    );
  }
  return new NuaError("engine", `Reach the engine through "${client}"${host}: ${said}`, {
    hint: "start it (systemctl start docker), or point DOCKER_HOST at an engine that runs",
  });
}
