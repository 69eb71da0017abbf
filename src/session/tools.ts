/** What everything works with that is done in a session, whatever it reads from. */
import type { Engine } from "../engine/engine.ts";
import type { BuilderSecrets } from "./network-settings.ts";
import type { Reporter } from "./reporter.ts";
import type { Settings } from "./settings.ts";

export interface SessionTools {
  settings: Settings;
  report: Reporter;
  /** Aborted by Ctrl-C and its like: see signals.ts. */
  signal: AbortSignal;
  /**
   * The engine; connected when it is first asked for.
   * @param options.toBuild of the first call: see `connectEngine`
   */
  engine(options?: { toBuild?: boolean }): Promise<Engine>;
  /**
   * The session's network settings, on their way to the engine's builder.
   * @param dockerfile.isOurs see `secretsForBuilder`
   */
  builderSecrets(dockerfile: { isOurs: boolean }): Promise<BuilderSecrets>;
}
