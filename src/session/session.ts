/**
 * A session: what one call of nua-build works with (settings, reporter, signal, engine, inputs).
 */
import type { Engine } from "../engine/engine.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import { type Credential, credentialRewrites } from "./credentials.ts";
import type { InputSource } from "./input-source.ts";
import { chooseInput } from "./network-input.ts";
import type { SessionBase } from "./session-base.ts";
import type { Settings } from "./settings.ts";

export interface Session extends SessionBase {
  /** From where builds get what they do not bring along. */
  readonly input: InputSource;
}

export type SessionParts = Pick<Session, "settings" | "report" | "signal"> &
  Partial<Pick<Session, "engine" | "credentials">> & {
    /** Called when somebody asks for it; without it, the network, as far as the settings allow. */
    input?: () => InputSource;
  };

/** @param begin called before the engine is first worked with: from then on there is something to clean up */
export function createSession(parts: SessionParts, begin: () => void = () => {}): Session {
  const { settings, report, signal, credentials = [] } = parts;
  let engine: Promise<Engine> | undefined;
  let input: InputSource | undefined;
  const session: Session = {
    ...{ settings, report, signal, credentials },
    // Not before somebody asks: what fetches nothing need not know whether that may be done.
    get input() {
      input ??= parts.input?.() ?? chooseInput(settings);
      return input;
    },
    engine:
      parts.engine ??
      (({ toBuild = false } = {}) => {
        if (engine === undefined) begin();
        engine ??= connect(settings.engine, { signal, toBuild });
        return engine;
      }),
    networkSettings: () =>
      session.input.networkSettings(() => resolveSettings(settings, credentials)),
    async builderSecrets({ isOurs }) {
      const { builder } = await (await session.engine()).builder();
      const { secretsForBuilder } = await loadNetworkSettings();
      const wanted = credentials.filter(({ inBuild }) => inBuild);
      const given = await session.input.networkSettings(() => resolveSettings(settings, wanted));
      return secretsForBuilder(given, builder, isOurs);
    },
  };
  return session;
}

/** The same session, in which builds read from elsewhere. */
export function withInput(
  session: Session,
  input: InputSource,
  others: Partial<Pick<Session, "settings" | "engine">> = {},
): Session {
  return derive(session, { input: () => input, ...others });
}

/** The same session for one app, with the passwords of its addresses. */
export function withCredentials(session: Session, credentials: readonly Credential[]): Session {
  return derive(session, { credentials });
}

/** The same session, which reports otherwise. */
export function withReport(session: Session, report: Session["report"]): Session {
  return derive(session, { report });
}

// --- internal ---

function derive(session: Session, changes: Partial<SessionParts>): Session {
  const { settings, report, signal, engine, credentials } = session;
  const parts = { settings, report, signal, engine, credentials, input: () => session.input };
  return createSession({ ...parts, ...changes });
}

async function resolveSettings(
  settings: Settings,
  credentials: readonly Credential[],
): Promise<NetworkSettings> {
  const { resolveNetworkSettings } = await loadNetworkSettings();
  const { rewrites = "", ...others } = await resolveNetworkSettings(settings);
  const all = `${rewrites} ${credentialRewrites(credentials)}`.trim();
  return all === "" ? others : { ...others, rewrites: all };
}

/** What only builds need is loaded by the first of them: `check` is to be instant. */
function loadNetworkSettings() {
  return import("./network-settings.ts");
}

/** The same goes for what starts programs. */
async function connect(
  client: string,
  options: { signal: AbortSignal; toBuild: boolean },
): Promise<Engine> {
  const { connectEngine } = await import("../engine/client.ts");
  return connectEngine(client, options);
}
