/** Pure: the commands that fetch what an app imports, and build it. */
import { AGENT_SCRIPTS, PYTHON, SCRATCH } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun } from "../../protocol/planned-action.ts";
import type { BuildPlace } from "../build-place.ts";
import { joined } from "./config.ts";
import type { DenoFolder, DenoProject } from "./project.ts";
import type { FoundTask } from "./tasks.ts";

export interface BuildOptions {
  place: BuildPlace;
  /** Whether the lock file holds as it is. */
  isFrozen: boolean;
}

/** What manifests name. */
export function installCommands(
  project: DenoProject,
  { place, isFrozen }: BuildOptions,
): PlannedCommand[] {
  const words = ["deno", "install", ...(isFrozen ? ["--frozen"] : [])];
  return [plannedRun(words, { ...place, env: ENVIRONMENT }), keepCommand(project, place)];
}

/** The task that builds, and all that is imported by what is started. */
export function buildCommands(
  own: DenoFolder,
  {
    build,
    entry,
    isFetched,
  }: { build: FoundTask | null; entry: string | null; isFetched: boolean },
  { place, isFrozen }: BuildOptions,
): PlannedCommand[] {
  const options = {
    ...place,
    cwd: joined(place.cwd, own.folder).replace(/\/$/, ""),
    env: ENVIRONMENT,
  };
  const fetch = ["deno", "cache", ...(isFrozen ? ["--frozen"] : [])];
  return [
    ...(isFetched ? [plannedRun([PYTHON, CACHE, "open"], place)] : []),
    ...(build === null
      ? []
      : [plannedRun(["deno", "task", build.name], { ...options, from: build.from })]),
    ...(entry === null ? [] : [plannedRun([...fetch, entry], options)]),
  ];
}

/** Leaves what the running app needs of it, in the same form whoever has handed it out. */
export function keepCommand({ lockFile }: DenoProject, place: BuildPlace): PlannedCommand {
  return plannedRun([PYTHON, CACHE, "close", ...(lockFile === null ? [] : [lockFile])], place);
}

/** Whether a task makes a program of its own, for which a part of Deno would be fetched. */
export function compiles({ line }: FoundTask): boolean {
  return /\bdeno\s+compile\b/.test(line);
}

// --- internal ---

const CACHE = `${AGENT_SCRIPTS}/deno_cache.py`;

/** Where Deno finds the name and the password for a registry of npm's, and leaves nothing else. */
const ENVIRONMENT = { HOME: SCRATCH, DENO_NO_PROMPT: "1", NO_COLOR: "1" };
