/** Pure: what the configuration alone requests of the build. */
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig, BuildSection, RunSection } from "../config/schema.ts";
import { LANGUAGES } from "../languages/languages.ts";
import type { SourcePlan } from "../protocol/agent-input.ts";
import type { NamedSource } from "../source/named-source.ts";
import { nameSource } from "./name-source.ts";
import type { FolderFacts, PlanInput } from "./plan-input.ts";

/** One shell line of the user's, and the key of the nua-config that it came from. */
export interface ConfiguredCommand {
  line: string;
  /** For messages, such as `build.build[1]`. */
  from: string;
}

export interface RequestedWork {
  source: SourcePlan;
  /**
   * build.languages, or the one that build.method means: those that the app has, whatever its files
   * tell; empty: those that are found.
   */
  languages: string[];
  /** build.app: the member of a workspace, or the folder, that is the app; null: all of it. */
  app: string | null;
  /** Whether a lock that does not fit its manifest is an error: no key says it, a caller may. */
  frozen: boolean;
  packages: {
    /** Debian packages for the build only, removed again in the same layer. */
    build: string[];
    /** Debian packages that stay in the image. */
    run: string[];
  };
  /** Meta-packages of build.meta-packages and the providers' connectors, sorted, each once. */
  metaPackages: string[];
  /** The keys of the nua-config that name packages, as in {@link ConfiguredCommand.from}. */
  namedIn: Record<"build" | "run" | "meta", string[]>;
  beforeBuild: ConfiguredCommand[];
  /** Requirement specifiers, or globs relative to /nua/build; installed with pip. */
  pipInstall: { item: string; from: string }[];
  build: ConfiguredCommand[];
  /** A script to run in place of build commands, relative to /nua/build; null: none is named. */
  buildScript: string | null;
  /** Whether build commands and build scripts run as root in place of user nua. */
  buildAsRoot: boolean;
  test: ConfiguredCommand[];
  beforeRun: ConfiguredCommand[];
  start: ConfiguredCommand[];
  /** run.static: a folder that is served; null: none is named. */
  staticFolder: string | null;
  /** The start script, relative to /nua/build; null: none is named. */
  startScript: string | null;
  /** build.document-root: a folder that is recreated empty and belongs to user nua. */
  documentRoot: string | null;
  /** What templates and the start script see: metadata overlaid by build, braces formatted. */
  rendered: Record<string, unknown>;
}

/** The same, where a flag may choose the app. @param config with providers and sub-apps completed */
export function appWork(
  { rendered, fields, facts, options }: Omit<PlanInput, "runtimes">,
  config: AppConfig,
): RequestedWork {
  const work = requestedWork(config, { rendered, fields, facts });
  return { ...work, app: options.app ?? work.app, frozen: options.isFrozen };
}

/** @param formatted what braces stand for, and the fields in which they were formatted */
export function requestedWork(
  config: AppConfig,
  formatted: {
    rendered: Record<string, unknown>;
    fields: FormattedFields;
    facts: Pick<FolderFacts, "sourceFolder">;
  },
): RequestedWork {
  const { rendered, fields, facts } = formatted;
  const build: BuildSection = config.build ?? {};
  const run: RunSection = config.run ?? {};
  const providers = config.provider ?? [];
  const connectors = providers.flatMap(({ connector }) => listOf(connector));
  const providerPackages = providers.flatMap(({ packages }) => listOf(packages));
  const keysOf = (key: "packages" | "connector") =>
    providers.flatMap((one, index) => given(`provider[${index}].${key}`, one[key]));
  const metaPackages = new Set([...connectors, ...listOf(build["meta-packages"])]);
  return {
    source: planSource(nameSource(config, fields, facts.sourceFolder)),
    languages: methodLanguages(build.method) ?? listOf(build.languages),
    app: build.app || null,
    frozen: false,
    packages: {
      build: [...new Set(listOf(build.packages))],
      run: [...new Set([...listOf(run.packages), ...providerPackages])].sort(),
    },
    metaPackages: [...metaPackages].sort(),
    namedIn: {
      build: given("build.packages", build.packages),
      run: [...given("run.packages", run.packages), ...keysOf("packages")],
      meta: [...given("build.meta-packages", build["meta-packages"]), ...keysOf("connector")],
    },
    beforeBuild: commands("build.before-build", build["before-build"]),
    pipInstall: commands("build.pip-install", build["pip-install"]).map(({ line, from }) => ({
      item: line,
      from,
    })),
    build: commands("build.build", Array.isArray(build.build) ? fields.build : fields.build[0]),
    buildScript: build["build-script"] || null,
    buildAsRoot: build["build-as-root"] ?? false,
    test: commands("build.test", build.test),
    beforeRun: commands("run.before-run", run["before-run"]),
    start: commands("run.start", run.start),
    staticFolder: run.static || null,
    startScript: run["start-script"] || null,
    documentRoot: build["document-root"] || null,
    rendered,
  };
}

// --- internal ---

/** As the agent gets it: a git revision has become an archive before. */
function planSource(source: NamedSource): SourcePlan {
  if (source.kind === "folder") return { kind: "local", dir: source.dir };
  const { url, dir } = source;
  const sha256 = source.kind === "archive" ? source.sha256 : null;
  return { kind: "archive", url, sha256, dir };
}

/** A method may mean one; null where it means none. */
function methodLanguages(method: string | null | undefined): string[] | null {
  const found = LANGUAGES.filter((one) => one.method !== undefined && one.method === method);
  return found.length === 0 ? null : found.map(({ name }) => name);
}

function listOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return items.map(String).filter((item) => item !== "");
}

/** A key, where it has a value. */
function given(key: string, value: unknown): string[] {
  return listOf(value).length === 0 ? [] : [key];
}

/** A line that is empty is none; the others keep their places. */
function commands(key: string, value: unknown): ConfiguredCommand[] {
  const lines = Array.isArray(value) ? value : [value ?? ""];
  return lines
    .map((line, index) => ({
      line: String(line),
      from: Array.isArray(value) ? `${key}[${index}]` : key,
    }))
    .filter(({ line }) => line !== "");
}
