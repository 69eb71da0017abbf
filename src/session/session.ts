/** What one call of nua-build works with: settings, what a person sees, signals, the engine, where builds read from. */
import { type Credential, credentialRewrites } from "../config/credentials.ts";
import type { Engine } from "../engine/engine.ts";
import type { Surroundings } from "../protocol/agent-input.ts";
import type { Reading } from "./reading.ts";
import type { Reporter } from "./reporter.ts";
import type { Settings } from "./settings.ts";
import type { Handover } from "./surroundings.ts";

export interface Session {
  settings: Settings;
  report: Reporter;
  /** Aborted by Ctrl-C and its like: see signals.ts. */
  signal: AbortSignal;
  /** From where builds read. */
  reading: Reading;
  /** Of the app's own addresses; see {@link withCredentials}. */
  credentials: readonly Credential[];
  /**
   * The engine; connected when it is first asked for.
   * @param options.toBuild of the first call: see `connectEngine`
   */
  engine(options?: { toBuild?: boolean }): Promise<Engine>;
  /** Mirrors and certificates. */
  addresses(): Promise<Surroundings>;
  /**
   * The same, on its way to the engine's builder.
   * @param dockerfile.isOurs see `handOver`
   */
  handover(dockerfile: { isOurs: boolean }): Promise<Handover>;
}

export type SessionParts = Pick<Session, "settings" | "report" | "signal"> &
  Partial<Pick<Session, "reading" | "engine" | "credentials">>;

/** @param begin called before the engine is first worked with: from then on there is something to clean up */
export function createSession(parts: SessionParts, begin: () => void = () => {}): Session {
  let engine: Promise<Engine> | undefined;
  const reading = parts.reading ?? { from: "network" };
  const credentials = parts.credentials ?? [];
  const addresses = async (added: readonly Credential[]): Promise<Surroundings> => {
    const { resolveSurroundings } = await loadSurroundings();
    const { rewrites = "", ...others } = await resolveSurroundings(parts.settings);
    const all = `${rewrites} ${credentialRewrites(added)}`.trim();
    return all === "" ? others : { ...others, rewrites: all };
  };
  const session: Session = {
    ...parts,
    reading,
    credentials,
    engine:
      parts.engine ??
      (({ toBuild = false } = {}) => {
        if (engine === undefined) begin();
        engine ??= connect(parts.settings.engine, { signal: parts.signal, toBuild });
        return engine;
      }),
    // A sealed build reaches no address, so that it needs neither mirror nor certificate.
    addresses: async () => (reading.from === "bundle" ? {} : addresses(credentials)),
    async handover({ isOurs }) {
      const { builder } = await (await session.engine()).builder();
      const { handOver } = await loadSurroundings();
      const wanted = credentials.filter(({ inBuild }) => inBuild);
      const given = reading.from === "bundle" ? {} : await addresses(wanted);
      return handOver(given, builder, isOurs);
    },
  };
  return session;
}

/** The same session, in which builds read from elsewhere. */
export function withReading(
  { report, signal, engine, credentials, ...session }: Session,
  reading: Reading,
  settings: Settings = session.settings,
): Session {
  return createSession({ settings, report, signal, engine, reading, credentials });
}

/** The same session for one app, with the passwords of its addresses. */
export function withCredentials(
  { settings, report, signal, engine, reading }: Session,
  credentials: readonly Credential[],
): Session {
  return createSession({ settings, report, signal, engine, reading, credentials });
}

// --- internal ---

/** What only builds need is loaded by the first of them: `check` is to be instant. */
function loadSurroundings() {
  return import("./surroundings.ts");
}

/** The same goes for what starts programs. */
async function connect(
  client: string,
  options: { signal: AbortSignal; toBuild: boolean },
): Promise<Engine> {
  const { connectEngine } = await import("../engine/client.ts");
  return connectEngine(client, options);
}
