/**
 * The agent's input: one JSON file at the top of the build context. It is decided on the host, so
 * the agent never interprets the user's configuration itself.
 */

/** Changes whenever an agent could misread the file; the agent refuses any other number. */
export const AGENT_INPUT_VERSION = 2;

/** Name of the file, at the top of the build context. */
export const AGENT_INPUT_FILE = "nua-agent.json";

/** Name of the normalized nua-config, at the top of the build context. */
export const NORMALIZED_CONFIG_FILE = "nua-config.json";

/** The archive of the app's source, at the top of the build context; never compressed by zstd. */
export const SOURCE_ARCHIVE = "nua-source";

/** Below it, for each layer before the app's, its own agent input and the files that it reads. */
export const LAYERS_FOLDER = "nua-layers";

/** What a build from a bundle reads in place of the network, at the top of the build context. */
export const INPUTS_NAME = "nua-inputs";

/**
 * The layers of an app's image, each made by a run of the agent of its own:
 * - `packages`: Debian packages that stay
 * - `dependencies`: what the app's manifests and lock files name
 * - `app`: everything else
 */
export const APP_LAYERS = ["packages", "dependencies", "app"] as const;
export type AppLayer = (typeof APP_LAYERS)[number];

/**
 * Where an app's dependencies are installed: in the app's own layer, in one below it, or in a
 * stage beside the image, from which the app's layer takes them; then what only the build needs
 * is in no layer.
 */
export const DEPENDENCY_PLACES = ["here", "below", "beside"] as const;
export type DependencyPlace = (typeof DEPENDENCY_PLACES)[number];

/** One shell line of the user's, and the key of the nua-config that it came from. */
export interface ConfiguredCommand {
  line: string;
  /** For messages, such as `build.build[1]`. */
  from: string;
}

/** Where the app's source comes from. */
export type SourcePlan =
  /** What was staged with the context. `dir` is relative to /nua/build; "." is all of it. */
  | { kind: "local"; dir: string }
  /** An archive that nua-build has put into the context, to unpack into `dir`. */
  | {
      kind: "archive";
      url: string;
      sha256: string | null;
      dir: string;
      /** What it may become; of this machine's settings, hence not in a plan. */
      limits?: { bytes: number; files: number } | undefined;
    };

export interface AgentInput {
  version: typeof AGENT_INPUT_VERSION;
  /** What this run of the agent makes; `all` is the whole app in one. */
  layer: AppLayer | "all";
  dependencies: DependencyPlace;
  app: {
    /** metadata.id, as written. */
    id: string;
    /** The image's tag, such as `nua-hello:1.0-1`. */
    tag: string;
  };
  source: SourcePlan;
  packages: {
    /** Debian packages for the build only, removed again in the same layer. */
    build: string[];
    /** Debian packages that stay in the image. */
    run: string[];
  };
  /** Meta-packages of build.meta-packages and the providers' connectors, sorted, each once. */
  metaPackages: string[];
  beforeBuild: ConfiguredCommand[];
  /** Requirement specifiers, or globs relative to /nua/build; installed with pip. */
  pipInstall: { item: string; from: string }[];
  build: ConfiguredCommand[];
  /** A script to run in place of build commands, relative to /nua/build; null: look for build.py. */
  buildScript: string | null;
  /** Whether build commands and build scripts run as root in place of user nua. */
  buildAsRoot: boolean;
  test: ConfiguredCommand[];
  beforeRun: ConfiguredCommand[];
  start: ConfiguredCommand[];
  /** The start script, relative to /nua/build; null: look for start.py. */
  startScript: string | null;
  /** build.document-root: a folder that is recreated empty and belongs to user nua. */
  documentRoot: string | null;
  /** What templates and the start script see: metadata overlaid by build, braces formatted. */
  rendered: Record<string, unknown>;
}
