/** The input source that reads the network, or with `--offline` nothing. */
import { NuaError } from "../lib/errors.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type {
  AppIdentity,
  BuilderUse,
  CommandInputs,
  FetchedFile,
  InputSource,
  Need,
  OutsidePlace,
  WantedFile,
} from "./input-source.ts";
import { isOffline } from "./offline.ts";
import type { Reporter } from "./reporter.ts";
import type { SessionBase } from "./session-base.ts";
import type { Settings } from "./settings.ts";

/** @throws NuaError (config) for a setting that says neither yes nor no */
export function chooseInput(settings: Pick<Settings, "offline">): InputSource {
  return isOffline(settings) ? new OfflineInput() : new NetworkInput();
}

/** Everything is there, by way of the mirrors and proxies that are set. */
export class NetworkInput implements InputSource {
  readonly isRepeated: boolean = true;

  networkSettings(configured: () => Promise<NetworkSettings>): Promise<NetworkSettings> {
    return configured();
  }

  admit(_app: AppIdentity): void {}

  ensureOnline(_need: Need): void {}

  fetch(
    _file: WantedFile,
    download: (held?: string) => Promise<FetchedFile>,
  ): Promise<FetchedFile> {
    return download();
  }

  allowOutside({ key, path }: OutsidePlace, report: Pick<Reporter, "warn">): void {
    report.warn(`${key} takes "${path}" into the image, from outside of the app's folder`);
  }

  async open({ dockerfile }: BuilderUse, session: SessionBase): Promise<CommandInputs> {
    return {
      given: await session.builderSecrets({ isOurs: dockerfile === "default" }),
      ...{ network: undefined, hint: undefined, isForImage: true, staged: [], images: [] },
      dockerfile: (text) => text,
      onLine: () => {},
      unanswered: async () => [],
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async explain(error: unknown, _app: () => AppIdentity, _session: SessionBase): Promise<unknown> {
    return error;
  }
}

/** Only what is on this machine. */
export class OfflineInput extends NetworkInput {
  override ensureOnline({ attempt, hint }: Need): void {
    throw new NuaError("input", `${attempt}: --offline forbids it`, { hint });
  }

  override async fetch(
    file: WantedFile,
    download: (held?: string) => Promise<FetchedFile>,
  ): Promise<FetchedFile> {
    if (file.isHere) return download();
    throw new NuaError("input", `Fetch "${file.url}": --offline forbids it`, { hint: LOCAL_HINT });
  }

  override async open(build: BuilderUse, session: SessionBase): Promise<CommandInputs> {
    session.report.step("Offline: the engine gives this build no network");
    return { ...(await super.open(build, session)), network: "none", hint: COMMANDS_HINT };
  }
}

// --- internal ---

const LOCAL_HINT = "bring it here, and name the file or the folder in its place";

const COMMANDS_HINT =
  "with --offline commands have no network: what they read must be in the app's folder or the base";
