/**
 * A container that serves a bundle's inputs, for builders that cannot mount. Copied into the build
 * it would stay in the image.
 */
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { createContextWriter } from "../../context/context-writer.ts";
import { stageTree } from "../../context/stage-tree.ts";
import type { BuildNetwork } from "../../engine/build-args.ts";
import type { Container } from "../../engine/containers.ts";
import { NuaError } from "../../lib/errors.ts";
import { findMissing, INPUTS_FOLDER, type MissingExchange } from "../../protocol/exchanges.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import type { SessionBase } from "../../session/session-base.ts";
import { createTempFolder } from "../../session/temp-folder.ts";

export interface InputsServer extends AsyncDisposable {
  /** The network of the build's commands: this container's, which is none. */
  network: BuildNetwork;
  /** Lead the agent to it. */
  networkSettings: NetworkSettings;
  /** What was asked for until now, and is not there. */
  missing(): Promise<MissingExchange[]>;
}

/**
 * @param inputs their folder
 * @param agentImage an image of the engine's that has the agent
 * @throws NuaError (engine) when the server does not come up, or there is podman, whose builds
 *   join no container's network
 */
export async function serveInputs(
  inputs: string,
  agentImage: string,
  session: SessionBase,
): Promise<InputsServer> {
  const engine = await session.engine();
  const { joinsNetworks, product } = engine.facts;
  if (!joinsNetworks) throw cannotServe(product);
  const argv = [AGENT, "serve-inputs"];
  const container = await engine.createContainer({ image: agentImage, argv, network: "none" });
  try {
    await copyInputs(inputs, container, session);
    await container.start();
    const { proxy, ca } = await waitForAddress(container);
    return {
      network: `container:${container.id}`,
      networkSettings: { inputs: proxy, ca },
      missing: async () => (await container.printed()).split("\n").flatMap(findMissing),
      [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
    };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

// --- internal ---

const AGENT = "/usr/local/lib/nua/agent/app_builder";

/** Through a folder that has all of the path: the image has none of it. */
async function copyInputs(from: string, container: Container, session: SessionBase): Promise<void> {
  await using folder = await createTempFolder(session.settings.buildDir);
  const writer = createContextWriter(folder.path, { isMade: true });
  const to = INPUTS_FOLDER.replace(/^\//, "");
  await stageTree({ writer, from, to, accept: () => true, signal: session.signal });
  await container.copyIn(folder.path, "/");
}

const addressSchema = v.object({ proxy: v.pipe(v.string(), v.url()), ca: v.string() });

/** Tenths of a second. */
const PATIENCE = 300;

/** The first line that the server prints. */
async function waitForAddress(container: Container): Promise<v.InferOutput<typeof addressSchema>> {
  for (let waited = 0; waited < PATIENCE; waited += 1) {
    const [line = "", rest] = (await container.printed()).split("\n", 2);
    if (rest !== undefined) return v.parse(addressSchema, JSON.parse(line));
    if (await container.hasEnded()) break;
    await sleep(100);
  }
  throw new NuaError("engine", "Serve the inputs of a build: the server does not start", {
    hint: "see what the engine's log says about it, or build with buildx, which needs no server",
  });
}

function cannotServe(product: string): NuaError {
  return new NuaError(
    "engine",
    `Build from a bundle with ${product}: its builds cannot read from a bundle`,
    { hint: "use Docker, of any version from 20.10 on" },
  );
}
