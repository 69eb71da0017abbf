/** The one object through which the steps reach the world. */
import { Engine } from "./engine/engine.ts";
import type { Reporter } from "./reporter.ts";
import type { Settings } from "./settings.ts";

export interface World {
  settings: Settings;
  report: Reporter;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /** The engine; connected when it is first asked for. */
  engine(): Promise<Engine>;
}

export function createWorld(parts: Omit<World, "engine">): World {
  let engine: Promise<Engine> | undefined;
  return {
    ...parts,
    engine: () => {
      engine ??= Engine.connect(parts.settings.engine, parts.signal);
      return engine;
    },
  };
}
