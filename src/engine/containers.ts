/** Containers that serve a build, and are removed with it. */

import { type CommandResult, runProgram } from "../lib/process.ts";
import { containerName } from "../runs/own-names.ts";
import { engineFailure } from "./failures.ts";

/** A container that has been made, and perhaps started; removed when it is disposed of. */
export interface Container extends AsyncDisposable {
  id: string;
  /** Copies what is in a folder here into a folder there, which is made if need be. */
  copyIn(from: string, to: string): Promise<void>;
  /** Copies what is in a folder there into one here. */
  copyOut(from: string, to: string): Promise<void>;
  start(): Promise<void>;
  /** All that it has printed so far on standard output. */
  printed(): Promise<string>;
  /** Whether it has ended. */
  hasEnded(): Promise<boolean>;
}

export interface ContainerRequest {
  image: string;
  /** Program and arguments. */
  argv: readonly string[];
  /** In the engine's words; `none` has the loopback only. */
  network: string;
}

/** One of all that the engine has. */
export interface ListedContainer {
  id: string;
  name: string;
  /** In milliseconds since 1970. */
  created: number;
}

/**
 * @param client the engine's client
 * @throws CommandError (engine) when the engine refuses
 */
export async function createContainer(
  client: string,
  { image, argv, network }: ContainerRequest,
  signal: AbortSignal | undefined,
): Promise<Container> {
  const change = async (words: readonly string[], during = signal): Promise<CommandResult> => {
    const command = [client, ...words];
    const answer = await runProgram(command, { signal: during });
    if (answer.exitCode !== 0) throw engineFailure(command, answer);
    return answer;
  };
  signal?.throwIfAborted();
  // Not to be interrupted: a container whose name we never learn would be left behind.
  const made = await change(
    ["create", ...containerName(), "--network", network, "--", image, ...argv],
    undefined,
  );
  const id = made.stdout.trim();
  return {
    id,
    copyIn: async (from, to) => void (await change(["cp", `${from}/.`, `${id}:${to}`])),
    copyOut: async (from, to) => void (await change(["cp", `${id}:${from}/.`, to])),
    start: async () => void (await change(["start", id])),
    printed: async () => (await change(["logs", id])).stdout,
    hasEnded: async () => {
      const state = await change(["inspect", "--format", "{{.State.Running}}", id]);
      return state.stdout.trim() !== "true";
    },
    // Also after an interrupt, hence without the signal.
    [Symbol.asyncDispose]: async () => void (await runProgram([client, "rm", "--force", id])),
  };
}

/**
 * @param ask runs a query of the client
 * @throws CommandError (engine) when the engine does not answer
 */
export async function listContainers(
  ask: (words: readonly string[]) => Promise<string>,
  prefix: string,
): Promise<ListedContainer[]> {
  const filter = ["--filter", `name=${prefix}`, "--format", "{{.ID}} {{.Names}}"];
  const lines = (await ask(["ps", "--all", "--no-trunc", ...filter])).split("\n");
  const found = lines
    .map((line) => line.split(" "))
    // The engine looks for the text anywhere in a name.
    .filter(([, name]) => name?.startsWith(prefix))
    .map(async ([id = "", name = ""]): Promise<ListedContainer[]> => {
      const query = ["inspect", "--type", "container", "--format", "{{json .Created}}", id];
      // One that is gone by now is none.
      const answer = await ask(query).catch(() => undefined);
      if (answer === undefined) return [];
      const created = Date.parse(answer.trim().replaceAll('"', ""));
      return [{ id, name, created: created || Date.now() }];
    });
  return (await Promise.all(found)).flat();
}
