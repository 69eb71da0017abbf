/** The part of a session that input sources use. */
import type { Engine } from "../engine/engine.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type { Credential } from "./credentials.ts";
import type { BuilderSecrets } from "./network-settings.ts";
import type { Reporter } from "./reporter.ts";
import type { Settings } from "./settings.ts";

export interface SessionBase {
  settings: Settings;
  report: Reporter;
  /** Aborted by Ctrl-C and its like: see signals.ts. */
  signal: AbortSignal;
  /** Of the app's own addresses; see `withCredentials`. */
  credentials: readonly Credential[];
  /**
   * The engine; connected when it is first asked for.
   * @param options.toBuild of the first call: see `connectEngine`
   */
  engine(options?: { toBuild?: boolean }): Promise<Engine>;
  /** Mirrors, proxies and certificates, as far as the input source is reached by them. */
  networkSettings(): Promise<NetworkSettings>;
  /**
   * The same, on its way to the engine's builder.
   * @param dockerfile.isOurs see `secretsForBuilder`
   */
  builderSecrets(dockerfile: { isOurs: boolean }): Promise<BuilderSecrets>;
}
