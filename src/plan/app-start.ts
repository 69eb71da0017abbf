/** Pure: chooses what an app is started with. */
import type { StartCommand, StaticSite } from "../languages/language.ts";
import type { Origin } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { Decide } from "./decision.ts";
import type { PlannedPart } from "./parts.ts";
import { originOf } from "./places.ts";
import { chooseProcess, PROCFILE } from "./procfile.ts";
import type { ConfiguredCommand, RequestedWork } from "./requested-work.ts";

export interface AppStart {
  /** What says it; null where nothing does. */
  from: Origin | null;
  /** Lines of the configuration, run one after the other; the last is the app. */
  configured: string[];
  /** A start script that is there or named, relative to the app's folder; else null. */
  script: string | null;
  /** What the app's files say, where the configuration and scripts say nothing. */
  detected: StartCommand | null;
  /** A folder to serve, where nothing is started. */
  site: StaticSite | null;
  /** The port of the app where PORT says nothing; null where it is not known to read that. */
  port: number | null;
  /** All that was looked for. */
  lookedFor: string[];
  warnings: string[];
}

export interface StartInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  parts: readonly PlannedPart[];
  foundStartScript: string | null;
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/** Configuration, then start scripts, Procfile, the conventions of languages, a static site. */
export function planStart(input: StartInput, decide: Decide): AppStart {
  const start = chooseStart(input);
  const told = describeStart(start);
  if (told !== null) decide(`start ${told.what}`, told.from);
  return start;
}

/** As a person is told of it. */
export function describeStart(start: AppStart): { what: string; from: string } | null {
  if (start.from === null) return null;
  const { configured, script, detected, site } = start;
  const line = configured.at(-1) ?? script ?? detected?.line;
  return { what: line ?? `static site ${site?.folder ?? ""}`, from: placeOf(start.from) };
}

/** Whether a shell line reads the variable PORT. */
export function readsPort(line: string): boolean {
  return /\$(PORT\b|\{PORT\b)/.test(line);
}

/** The app listens there unless it is told otherwise. */
export const DEFAULT_PORT = 8080;

// --- internal ---

const NOTHING: Omit<AppStart, "lookedFor" | "warnings"> = {
  ...{ from: null, configured: [], script: null, detected: null, site: null, port: null },
};

/** Where configuration and scripts say it. */
const CONFIGURED = ["run.start", "run.start-script", "nua/start.py", "nua/scripts/start.py"];

function chooseStart(input: StartInput): AppStart {
  const { work, tree, parts, foundStartScript } = input;
  const known = parts.flatMap(({ plan }) => plan.start ?? []);
  const sites = parts.flatMap(({ plan }) => plan.site ?? []);
  const lookedFor = [
    ...[...CONFIGURED, "start.py", PROCFILE],
    ...new Set(parts.flatMap(({ plan }) => plan.lookedFor ?? [])),
  ];
  const all = { ...NOTHING, lookedFor, warnings: [] };
  const last = work.start.at(-1);
  if (last !== undefined) {
    const lines = work.start.map(({ line }) => line);
    const port = portOf(last, null);
    return { ...all, from: keyOf(input, last), configured: lines, port };
  }
  if (work.startScript !== null) {
    return { ...all, from: originOf(input, "run.start-script"), script: work.startScript };
  }
  if (foundStartScript !== null) {
    return { ...all, from: { what: foundStartScript }, script: foundStartScript };
  }
  const { process, warnings } = chooseProcess(tree?.text(PROCFILE) ?? "");
  const told = { ...all, warnings };
  if (process !== null) {
    const { command: line, name } = process;
    const from = { what: `${PROCFILE}:${process.line}` };
    // Whoever runs a process of that name gives it a port.
    const port = name === "web" ? (known[0]?.port ?? DEFAULT_PORT) : portOf({ line }, null);
    const detected = { line, from, ...(port === null ? {} : { port }) };
    return { ...told, from, detected, port };
  }
  // What is built later may serve what was built before it.
  const detected = known.at(-1);
  if (detected !== undefined) {
    return {
      ...told,
      from: detected.from,
      detected,
      port: portOf(detected, detected.port ?? null),
    };
  }
  const site = sites.at(-1);
  return site === undefined ? told : { ...told, from: site.from, site };
}

function portOf({ line }: { line: string }, known: number | null): number | null {
  return known ?? (readsPort(line) ? DEFAULT_PORT : null);
}

function keyOf(input: StartInput, { from }: ConfiguredCommand): Origin {
  return originOf(input, from);
}

function placeOf({ what, line }: Origin): string {
  return line === undefined ? what : `${what}, line ${line}`;
}
