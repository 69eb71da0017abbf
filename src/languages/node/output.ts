/** What an app's build makes and what is started: scripts first, then conventions. Pure. */

import { posix } from "node:path";
import { semver } from "../../lib/semver.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { StartCommand, StaticSite } from "../language.ts";
import { type AppPackage, fromRoot } from "./app/app-package.ts";
import type { NodeContext } from "./context.ts";
import { ENTRY_NAMES, findEntry, isServer } from "./entry.ts";
import {
  type FoundStart,
  findStart,
  type StartScript,
  scriptOrigin,
  startCommand,
  startScripts,
} from "./find-start.ts";
import { buildScript } from "./frameworks/framework.ts";
import { type FoundFramework, findFramework } from "./frameworks/frameworks.ts";
import { type StartLine, startLine } from "./start-line.ts";
import { stepsOfLine } from "./start-script.ts";
import { servedFolder } from "./static-server.ts";

/** Folders are relative to the source. */
export interface NodeOutput {
  /** At most one of both. */
  start: StartCommand | null;
  site: StaticSite | null;
  /** The runtime that the start command needs. */
  runtime: "nodejs" | "bun";
  /** Versions of Node that it needs beside those that the app asks for. */
  nodeRange: { range: string; from: Origin } | null;
  env: Readonly<Record<string, string>>;
  /** While it is built. */
  buildEnv: Readonly<Record<string, string>>;
  /** What builds it where there is no script "build": a line for a shell, in the app's package. */
  build: { line: string; from: Origin } | null;
  /** Lines for a shell, after the build. */
  afterBuild: readonly string[];
  /** Whether nothing that is installed is needed by what is started. */
  selfContained: boolean;
  /** Dependencies for development that it needs all the same. */
  needsDev: readonly string[];
  warnings: readonly string[];
  lookedFor: readonly string[];
}

/** @throws NuaError (input) for a manifest that cannot be read */
export function outputOf(app: AppPackage, context: NodeContext): NodeOutput {
  const framework = findFramework(app);
  const scripts = startScripts(app, context, framework);
  const chosen = scripts.find(({ isDevelopment }) => !isDevelopment);
  const site = siteOf(app, framework, chosen);
  const found = site === null ? findStart(app, context, framework, scripts) : null;
  const built = buildOf(app, framework, chosen?.line);
  const isFrameworks = site !== null || found?.by === "framework";
  return {
    site,
    start: found?.start ?? null,
    runtime: found?.runtime ?? "nodejs",
    nodeRange: found?.nodeRange ?? null,
    env: site === null ? environmentOf(app, { framework, found, context }) : {},
    buildEnv: framework?.buildEnv ?? {},
    build: built,
    afterBuild:
      isFrameworks || servesFramework(found?.start, framework) ? (framework?.afterBuild ?? []) : [],
    selfContained: framework?.selfContained === true && isAlone(found?.start, framework),
    needsDev: found === null ? [] : needsDev(app, found.packages),
    warnings: [...(framework?.warnings ?? []), ...(found?.warnings ?? [])],
    lookedFor: found === null && site === null ? lookedFor(app, framework) : [],
  };
}

/** Whether an app is a folder that is served as it is. */
export function isStaticSite(app: AppPackage, context: NodeContext): boolean {
  return outputOf(app, context).site !== null;
}

/** A line such as `npm start` as the command that it comes to; null where that is not one command. */
export function plainCommandOf(
  app: AppPackage,
  context: NodeContext,
  line: string,
): StartCommand | null {
  // Programs that are not run by a manager are anybody's.
  if (!/^\s*(npm|npx|pnpm|pnpx|yarn|bun|bunx)\s/.test(line)) return null;
  const found = startLine(stepsOfLine(app, line), context);
  if (found === null || found.last === null || found.line === line.trim()) return null;
  return startCommand(found, { what: app.manifest.file ?? "package.json" });
}

// --- internal ---

interface Started {
  framework: FoundFramework | null;
  found: FoundStart | null;
  context: NodeContext;
}

/**
 * For production, with what a manager gives a script of the package's and apps read: the script is
 * started without it (docs.npmjs.com/cli/using-npm/scripts, environment).
 */
function environmentOf(
  { manifest }: AppPackage,
  { framework, found, context }: Started,
): Record<string, string> {
  const { name, version } = manifest;
  const { manager } = context;
  const ofScript = {
    npm_package_name: name,
    npm_package_version: version,
    npm_config_user_agent: userAgent(manager),
  };
  const known = Object.entries(found?.by === "script" ? ofScript : {}).filter(
    (entry): entry is [string, string] => PLAIN.test(entry[1] ?? ""),
  );
  const own = Object.fromEntries(known);
  return { NODE_ENV: "production", ...own, ...framework?.env, ...found?.env };
}

/** Of a range, the least version: what is installed is that or a newer one. */
function userAgent({ name, version }: NodeContext["manager"]): string | undefined {
  const least = version === null ? null : semver.minVersion(version);
  return least === null ? undefined : `${name}/${least.version}`;
}

/** What names and versions of packages are made of, and nothing that ends a line. */
const PLAIN = /^[\w@/.+-]{1,214}$/;

function siteOf(
  app: AppPackage,
  framework: FoundFramework | null,
  script: StartScript | undefined,
): StaticSite | null {
  const served = script?.line.last ? servedFolder(app, script.line.last) : null;
  if (served !== null && script !== undefined) {
    const folder = servedPath(app, framework, script.line.dir, served.folder);
    if (folder !== undefined) {
      const from = scriptOrigin(app, script.name);
      return { folder, fallback: served.fallback, from };
    }
  }
  if (script !== undefined || framework?.site === undefined) return null;
  const entry = findEntry(app);
  if (entry !== null && !entry.file.startsWith("src/") && isServer(app, entry.file)) return null;
  const folder = fromRoot(app, framework.site.folder);
  return folder === undefined
    ? null
    : { folder, fallback: framework.site.fallback, from: framework.from };
}

/** Only a folder that the source has, or that the build makes. */
function servedPath(
  app: AppPackage,
  framework: FoundFramework | null,
  dir: string,
  folder: string | undefined,
) {
  const path = fromRoot({ dir }, folder ?? (app.tree.has("public") ? "public" : "."));
  if (path === undefined || path === ".") return undefined;
  const isMade = buildScript(app) !== "" || framework?.site !== undefined;
  return isMade || app.root.list(path).length > 0 ? path : undefined;
}

/** Leading commands of a start script build as well, where no script does; then the framework's own way. */
function buildOf(
  app: AppPackage,
  framework: FoundFramework | null,
  line: StartLine | undefined,
): NodeOutput["build"] {
  if (app.manifest.scripts.build !== undefined) return null;
  const builds = line?.builds ?? [];
  if (builds.length > 0) return { line: builds.join(" && "), from: scriptOrigin(app, "start") };
  return framework?.build === undefined ? null : { line: framework.build, from: framework.from };
}

function servesFramework(
  start: StartCommand | undefined,
  framework: FoundFramework | null,
): boolean {
  const file = framework?.server?.line.split(" ").at(-1);
  return start !== undefined && file !== undefined && start.line.includes(posix.normalize(file));
}

function isAlone(start: StartCommand | undefined, framework: FoundFramework | null): boolean {
  return start !== undefined && start.line === framework?.server?.line;
}

function needsDev(app: AppPackage, packages: ReadonlySet<string>): string[] {
  return [...packages].filter(
    (name) => app.dependencies.has(name) && !app.runtimeDependencies.has(name),
  );
}

function lookedFor(app: AppPackage, framework: FoundFramework | null): string[] {
  const file = app.manifest.file ?? "package.json";
  return [
    ...[`scripts.start of ${file}`, `main of ${file}`],
    ...(framework === null ? [] : [`a server of ${framework.name}`]),
    `${ENTRY_NAMES.slice(0, 3).join(", ")} and others of that kind`,
  ];
}
