/** The contract of a framework: what its build makes, and what serves it. */
import type { Origin } from "../../../protocol/planned-action.ts";
import { type AppPackage, firstFile } from "../app/app-package.ts";
import { type ConfigText, readConfigText } from "../app/config-text.ts";

export interface Framework {
  /** As it calls itself. */
  name: string;
  /** What it makes of an app; null where the app is not of this framework. */
  read(app: AppPackage): FrameworkOutput | null;
}

/** Paths are relative to the app's package. */
export interface FrameworkOutput {
  /** The file that says so. */
  from: Origin;
  /** A folder that is served as it is. */
  site?: { folder: string; fallback: "index" | "not found" };
  /** A program of its own or of Node's; programs of packages by their names alone. */
  server?: { line: string; port?: number };
  /** Start scripts that do not serve what is built: they are for development, or for another output. */
  notStart?: RegExp;
  /** Of the running app. */
  env?: Readonly<Record<string, string>>;
  /** While it is built. */
  buildEnv?: Readonly<Record<string, string>>;
  /** What builds it, where there is no script "build". */
  build?: string;
  /** Lines of a shell after the build, each with a reason of the framework's. */
  afterBuild?: readonly string[];
  /** Whether what it makes needs no installed package. */
  selfContained?: boolean;
  warnings?: readonly string[];
}

/** The first of some configuration files that there is, read without running it. */
export function readConfig(
  app: AppPackage,
  name: string,
  extensions: readonly string[] = ["ts", "mts", "cts", "js", "mjs", "cjs"],
): { file: string | undefined; config: ConfigText } {
  const file = firstFile(
    app,
    extensions.map((extension) => `${name}.${extension}`),
  );
  return { file, config: readConfigText(file === undefined ? "" : (app.tree.text(file) ?? "")) };
}

/** Where a setting, or else a dependency, is written. */
export function origin(app: AppPackage, file: string | undefined): Origin {
  const name = file ?? app.manifest.file ?? "package.json";
  const inDir = file === undefined || app.dir === "" ? name : `${app.dir}/${name}`;
  return { what: inDir };
}

/** The script "build", with the scripts that it calls: some frameworks are told there where to build. */
export function buildScript({ manifest }: AppPackage): string {
  return withCalled(manifest.scripts, "build").join(" && ");
}

/** The value of an option in a command, as in `--outDir web` or `--outDir=web`. */
export function optionOf(line: string, program: RegExp, ...names: string[]): string | undefined {
  const command = line.split(/&&|;|\|/).find((part) => program.test(part));
  const pattern = new RegExp(`\\s(?:${names.join("|")})(?:=|\\s+)["']?([^\\s"'$]+)`);
  return pattern.exec(command ?? "")?.[1];
}

/**
 * A path out of a configuration, or else what it is by default. It becomes a part of commands: one
 * with other characters than paths usually have is not taken.
 */
export function pathOr(value: unknown, otherwise: string): string {
  if (typeof value !== "string" || !/^(?:\.{1,2}\/)*\.?[\w@+][\w@+./-]*$/.test(value))
    return otherwise;
  return value.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
}

// --- internal ---

const RUNNERS = /\b(npm|yarn|pnpm|bun|run-[sp]|npm-run-all2?|concurrently)\b/;

function withCalled(
  scripts: Readonly<Record<string, string>>,
  name: string,
  seen = new Set<string>(),
): string[] {
  const line = scripts[name];
  if (line === undefined || seen.has(name)) return [];
  seen.add(name);
  if (!RUNNERS.test(line)) return [line];
  const words = line.split(/[\s"']+/);
  const called = Object.keys(scripts).filter((one) =>
    words.some(
      (word) => word === one || (word.endsWith(":*") && one.startsWith(word.slice(0, -1))),
    ),
  );
  return [line, ...called.flatMap((one) => withCalled(scripts, one, seen))];
}
