/**
 * The contract of input sources: the network, the network with recording, or a bundle. Whoever
 * needs something asks the input source for it; nobody asks which of them it is.
 */
import type { BuildNetwork } from "../engine/build-args.ts";
import type { BuilderKind } from "../engine/builder-kind.ts";
import { NuaError } from "../lib/errors.ts";
import type { MissingExchange } from "../protocol/exchanges.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type { BuilderSecrets } from "./network-settings.ts";
import type { Reporter } from "./reporter.ts";
import type { SessionBase } from "./session-base.ts";

export interface InputSource {
  /** Whether what was built may stand for the next build of the same app, when nothing has changed. */
  readonly isRepeated: boolean;

  /** Of the settings of the network, those that lead there. */
  networkSettings(configured: () => Promise<NetworkSettings>): Promise<NetworkSettings>;

  /** Before an app is built. @throws NuaError (input) for one that cannot be built from there */
  admit(app: AppIdentity): void;

  /**
   * Before nua-build fetches something by way of the engine.
   * @throws NuaError (input) where nothing may be fetched
   */
  ensureOnline(need: Need): void;

  /**
   * Brings a file here that nua-build itself reads.
   * @param download does it; told the address of a file here that is to be taken in its place
   * @throws NuaError (input) where it cannot be had, and whatever `download` throws
   */
  fetch(file: WantedFile, download: (held?: string) => Promise<FetchedFile>): Promise<FetchedFile>;

  /**
   * Before something of this machine is read that a configuration names, and that lies outside of
   * the app's folder.
   * @throws NuaError (input) where an app may name none
   */
  allowOutside(place: OutsidePlace, report: Pick<Reporter, "warn">): void;

  /** Has ready what the commands of one build read. */
  open(build: BuilderUse, session: SessionBase): Promise<CommandInputs>;

  /**
   * What is told in place of an error that a build of the app has ended with.
   * @param app tells as much of it as is known by then
   */
  explain(error: unknown, app: () => AppIdentity, session: SessionBase): Promise<unknown>;
}

/** What the commands of one build read, and how they reach it; gone when it is disposed of. */
export interface CommandInputs extends AsyncDisposable {
  /** What the builder is given for them. */
  readonly given: BuilderSecrets;
  /** The network that the engine gives them; undefined: its own. */
  readonly network: BuildNetwork | undefined;
  /** For a command that fails where it is not the engine's own: what may be wrong. */
  readonly hint: string | undefined;
  /** Whether it is what the build makes that is wanted, and not only what it reads. */
  readonly isForImage: boolean;
  /** Folders of this machine that go into the build context, each with its name there. */
  readonly staged: readonly { from: string; to: string }[];
  /** Images that {@link dockerfile} names beside those of the app. */
  readonly images: readonly string[];
  /** A Dockerfile, so that its commands read from here. */
  dockerfile(text: string): string;
  /** Told each line that the builder prints. */
  onLine(line: string): void;
  /** What the commands have asked for, and nothing has answered. */
  unanswered(): Promise<MissingExchange[]>;
}

/** As much of a build as says how its commands can be given something. */
export interface BuilderUse {
  builder: BuilderKind;
  /** Whose its Dockerfile is; `wrap` runs no command. */
  dockerfile: "default" | "package" | "wrap";
  /** An image of the engine's that has the agent. */
  agentImage: string;
}

/** Something that the engine would fetch. */
export interface Need {
  kind: "image" | "base";
  /** Such as `Pull image "debian:12"`. */
  attempt: string;
  /** How it may be had without a network. */
  hint: string;
}

export interface WantedFile {
  /** Without a name and a password; of a git repository `git+URL@REVISION`. */
  url: string;
  /** Whether it is on this machine. */
  isHere: boolean;
  /** Where it is put. */
  target: string;
  /** The key of the nua-config. */
  wantedBy: string;
}

export interface FetchedFile {
  bytes: number;
  sha256: string;
  /** Of a git repository, the commit that was taken. */
  detail?: string;
}

export interface OutsidePlace {
  /** As the configuration has it. */
  url: string;
  /** What it leads to. */
  path: string;
  /** The key that names it. */
  key: string;
}

/** An app, as far as somebody elsewhere is asked for what it lacks here. */
export interface AppIdentity {
  /** Its folder. */
  root: string;
  /** Its nua-config file; null where it has none. */
  file: string | null;
  /** Of its image. */
  tag: string;
  /** Debian packages that it wants. */
  packages: Readonly<Record<"build" | "run", readonly string[]>>;
  /** See `createTakeRules`. */
  taken: { named: readonly string[]; needed: readonly string[] };
  /** Files that its configuration names, by the keys that do. */
  namedFiles: readonly { key: readonly (string | number)[]; file: string }[];
}

/** A build, or what nua-build itself does for it, has asked for something that nothing has answered. */
export class MissingExchangesError extends NuaError {
  override readonly name = "MissingExchangesError";
  readonly missing: readonly MissingExchange[];

  constructor(missing: readonly MissingExchange[]) {
    super(
      "input",
      `Build from a bundle: not among its inputs: ${missing.map(({ url }) => url).join(", ")}`,
    );
    this.missing = missing;
  }
}
