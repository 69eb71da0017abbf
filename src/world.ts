/** The one object through which the steps reach the world. */
import type { Engine } from "./engine/engine.ts";
import type { Reporter } from "./reporter.ts";
import type { Settings } from "./settings.ts";
import type { Surroundings } from "./shared/agent-input.ts";
import { type Handover, handOver, resolveSurroundings } from "./surroundings.ts";

export interface World {
  settings: Settings;
  report: Reporter;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /**
   * The engine; connected when it is first asked for.
   * @param options.toBuild of the first call: see {@link Engine.connect}
   */
  engine(options?: { toBuild?: boolean }): Promise<Engine>;
  /** Mirrors and certificates. */
  addresses(): Promise<Surroundings>;
  /** The same, on its way to the engine's builder. */
  handover(): Promise<Handover>;
}

export function createWorld(parts: Omit<World, "engine" | "addresses" | "handover">): World {
  let engine: Promise<Engine> | undefined;
  const world: World = {
    ...parts,
    engine: ({ toBuild = false } = {}) => {
      engine ??= connect(parts.settings.engine, { signal: parts.signal, toBuild });
      return engine;
    },
    addresses: () => resolveSurroundings(parts.settings),
    async handover() {
      const { builder } = await (await world.engine()).builder();
      return handOver(await world.addresses(), builder);
    },
  };
  return world;
}

// --- internal ---

/** What starts programs is loaded only where one is started: `check` is to be instant. */
async function connect(
  client: string,
  options: { signal: AbortSignal; toBuild: boolean },
): Promise<Engine> {
  const { Engine } = await import("./engine/engine.ts");
  return Engine.connect(client, options);
}
