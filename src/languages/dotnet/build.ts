/** Pure: the commands that restore an app's packages, publish it, and leave only that. */
import { shellQuote } from "../../lib/shell-words.ts";
import { AGENT_SCRIPTS, PYTHON, SCRATCH } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import { removalLine } from "../remove-sources.ts";
import type { DotnetApp } from "./app.ts";
import { reachedFrom } from "./app.ts";
import { configsOf, lockOf } from "./dependencies.ts";
import { frameworkOf } from "./frameworks.ts";
import type { Project } from "./project.ts";

/** Where the image has what is published, below the app's source: as people write it in Dockerfiles. */
export const OUT = "out";

export interface BuildOptions {
  place: BuildPlace;
  /** Whether a lock that does not fit its projects is an error. */
  frozen: boolean;
}

export function restoreCommands(
  tree: SourceTree,
  app: DotnetApp,
  { project, place, frozen }: BuildOptions & { project: Project },
): PlannedCommand[] {
  const configs = configsOf(tree, reachedFrom(app, project));
  // A lock that does not fit is an error with this, as it is for people who build by it.
  const isLocked = frozen || lockOf(tree, project) !== null;
  const words = [...["dotnet", "restore", project.file], ...(isLocked ? ["--locked-mode"] : [])];
  return [
    ...(configs.length === 0 ? [] : [plannedRun([PYTHON, LEAD, ...configs], place)]),
    plannedRun([...words, ...propertiesFor(project)], { ...place, env: ENVIRONMENT }),
  ];
}

export function publishCommands(project: Project, place: BuildPlace): PlannedCommand[] {
  const { frameworks, file } = project;
  const framework = frameworkOf(project);
  const words = [
    ...["dotnet", "publish", file, "--configuration", "Release", "--no-restore", "--output", OUT],
    ...(frameworks.length > 1 && framework !== null ? ["--framework", framework.name] : []),
    ...propertiesFor(project),
  ];
  return [
    // What an app's folder brings of an earlier build would be published with this one's.
    plannedRun(["rm", "-rf", "--", OUT], place),
    plannedRun(words, { ...place, env: ENVIRONMENT, timeout: TIMEOUT }),
  ];
}

/**
 * Leaves what is published, and what is Nua's own. What else an app has is no part of it, unless something else of the folder
 * is built or started.
 */
export function removalCommands(
  { projects }: DotnetApp,
  { place, isAlone }: { place: BuildPlace; isAlone: boolean },
): PlannedCommand[] {
  if (isAlone) {
    const kept = [OUT, "nua", "nua-config.*"].map((name) => `! -name ${shellQuote(name)}`);
    const line = `find . -mindepth 1 -maxdepth 1 ${kept.join(" ")} -exec rm -rf {} +`;
    return [plannedShell(line, place)];
  }
  const built = projects.flatMap(({ folder }) =>
    ["bin", "obj"].map((name) => (folder === "" ? name : `${folder}/${name}`)),
  );
  const paths = built.map(shellQuote);
  return [plannedShell(removalLine({ paths, names: SOURCES, folders: [] }), place)];
}

// --- internal ---

/** Leads an app's own sources to the mirror. */
const LEAD = `${AGENT_SCRIPTS}/lead_to_mirror.py`;

/** Seconds: a compiler of F#, two slow cores and some dozens of projects. */
const TIMEOUT = 3600;

/** What .NET notes of its own use, and its debuggers, would stay in the home of user nua. */
const ENVIRONMENT = {
  HOME: `${SCRATCH}/dotnet`,
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1",
  DOTNET_EnableDiagnostics: "0",
  COMPlus_EnableDiagnostics: "0",
};

/** What is for another system is built for the one that it runs on. */
function propertiesFor({ properties }: Project): string[] {
  return isForOthers(properties.get("RuntimeIdentifier")) ? ["-p:RuntimeIdentifier="] : [];
}

/** Whether a name of a system is none of Linux's. */
export function isForOthers(identifier: string): boolean {
  return /^(?:win|osx|maccatalyst|ios|android|browser|wasi|freebsd)/i.test(identifier);
}

const SOURCES = [
  ...["*.cs", "*.fs", "*.vb", "*.csproj", "*.fsproj", "*.vbproj", "*.sln", "*.slnx", "*.razor"],
  ...["*.cshtml", "global.json", "packages.lock.json", "Directory.*.props", "Directory.*.targets"],
  ...["[Nn]u[Gg]et.[Cc]onfig", "launchSettings.json"],
];
