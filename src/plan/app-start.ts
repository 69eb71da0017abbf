/** Pure: chooses what an app is started with, and says what was looked for where nothing is. */
import type { StartCommand, StaticSite } from "../languages/language.ts";
import { planSite, type SitePlan } from "../languages/static/site.ts";
import type { Origin } from "../protocol/planned-action.ts";
import { type SourceTree, subtree } from "../source/source-tree.ts";
import type { PlaceOf } from "./decision.ts";
import { portOfDockerfile } from "./dockerfile-port.ts";
import { customBuild, type PlannedPart } from "./parts.ts";
import { originOf, sourceFolder } from "./places.ts";
import { type FoundProcess, findProcess, PROCFILE } from "./procfile.ts";
import type { RequestedWork } from "./requested-work.ts";
import { isSiteAlone } from "./site-alone.ts";

export interface AppStart {
  /** What says it; null where nothing does. */
  from: Origin | null;
  /** Lines of the configuration, run one after the other; the last is the app. */
  configured: string[];
  /** A start script that is there or named, relative to the app's folder; else null. */
  script: string | null;
  /** What the app's files say, where the configuration and scripts say nothing. */
  detected: StartCommand | null;
  /** The folder that is served, where that is what is started; else null. */
  site: (SitePlan & { folder: string; isAlone: boolean }) | null;
  /** The port of the app where PORT says nothing; null where it is not known to read that. */
  port: number | null;
  /** What says the port, where that is not what says the start. */
  portFrom: Origin | null;
  /** All that was looked for. */
  lookedFor: string[];
  warnings: string[];
  /** Whether the warnings tell that nothing is started; else whoever builds the app sees it. */
  isMissingTold: boolean;
}

export interface StartInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  parts: readonly PlannedPart[];
  foundBuildScript: string | null;
  foundStartScript: string | null;
  /** Whether the image is made as the plan has it: a package's own Dockerfile may start anything. */
  isLayered: boolean;
  /** Whether there is a nua-config. */
  isPrepared: boolean;
  placeOf: PlaceOf;
}

/** Configuration, then start scripts, Procfile, the conventions of languages, a static site. */
export function planStart(input: StartInput): AppStart {
  const found =
    configuredStart(input) ??
    scriptStart(input) ??
    procfileStart(input) ??
    languageStart(input) ??
    siteStart(input);
  const lookedFor = listPlaces(input);
  const missing = found === null && isKnown(input) ? missingStart(lookedFor) : [];
  return {
    ...(found ?? NOTHING),
    ...{ lookedFor, isMissingTold: missing.length > 0 },
    warnings: [...warningsOf(input, found), ...missing],
  };
}

/** As a person is told of it. */
export function describeStart(start: AppStart): DescribedStart | null {
  const { configured, script, detected, site, from } = start;
  if (from === null) return null;
  const line = configured.at(-1) ?? script ?? detected?.line ?? "";
  const what = site === null ? line : `a web server for the folder ${site.folder || "."}`;
  return { what, dir: (site === null && detected?.dir) || ".", from };
}

export interface DescribedStart {
  what: string;
  /** Relative to the app's source. */
  dir: string;
  from: Origin;
}

// --- internal ---

type Start = Omit<AppStart, "lookedFor" | "warnings" | "isMissingTold">;

const NOTHING: Start = {
  ...{ from: null, configured: [], script: null, detected: null, site: null, port: null },
  portFrom: null,
};

/** The app listens there unless it is told otherwise. */
const DEFAULT_PORT = 8080;

function configuredStart(input: StartInput): Start | null {
  const { work, parts } = input;
  const last = work.start.at(-1);
  if (last !== undefined) {
    const plain = plainCommand(input, last.line);
    const lines = [...work.start.slice(0, -1), plain ?? last].map(({ line }) => line);
    const port = plain?.port ?? portOf(last.line);
    return { ...NOTHING, from: originOf(input, last.from), configured: lines, port };
  }
  if (work.startScript !== null) {
    return { ...NOTHING, from: originOf(input, "run.start-script"), script: work.startScript };
  }
  if (work.staticFolder === null) return null;
  const folder = work.staticFolder.replace(/^(\.\/)+|\/+$/g, "").replace(/^\.$/, "");
  const same = parts.flatMap(({ plan }) => plan.site ?? []).find((one) => one.folder === folder);
  const from = originOf(input, "run.static");
  return siteOf(input, { fallback: "not found", ...same, folder, from });
}

function scriptStart({ foundStartScript: script }: StartInput): Start | null {
  return script === null ? null : { ...NOTHING, from: { what: script }, script };
}

function processOf({ tree, parts, work }: StartInput): FoundProcess {
  return findProcess(tree, { part: parts.at(-1), isChosen: work.app !== null });
}

function procfileStart(input: StartInput): Start | null {
  const { dir, file, process } = processOf(input);
  if (process === null) return null;
  const from = { what: `${file}:${process.line}` };
  const plain = plainCommand(input, process.command, dir);
  const known = plain?.port ?? portOf(process.command) ?? startsOf(input).at(-1)?.port ?? null;
  // Whoever runs a process of that name gives it a port.
  const port = process.name === "web" ? (known ?? DEFAULT_PORT) : portOf(process.command);
  return { ...NOTHING, from, detected: { line: process.command, ...plain, dir, from }, port };
}

/** What is built later may serve what was built before it. */
function languageStart(input: StartInput): Start | null {
  const detected = startsOf(input).at(-1);
  if (detected === undefined) return null;
  const own = detected.port ?? portOf(detected.line);
  const exposed = own === null && input.tree !== undefined ? portOfDockerfile(input.tree) : null;
  return {
    ...{ ...NOTHING, from: detected.from, detected },
    ...{ port: own ?? exposed?.port ?? null, portFrom: exposed?.from ?? null },
  };
}

function siteStart(input: StartInput): Start | null {
  const sites = input.parts.filter(({ plan }) => plan.site);
  const chosen = sites.find(({ dir }) => dir === "") ?? sites[0];
  return chosen === undefined ? null : siteOf(input, chosen.plan.site!);
}

function siteOf({ work, tree, isLayered }: StartInput, site: StaticSite): Start {
  const hasTemplates = tree?.has("nua/templates") ?? false;
  const plan = planSite(site, { source: sourceFolder(work), tree });
  return {
    ...{ ...NOTHING, from: site.from, detected: plan.start, port: plan.start.port ?? null },
    site: {
      ...{ ...plan, folder: site.folder },
      isAlone: isSiteAlone(plan.runtime.language, { work, isLayered, hasTemplates }),
    },
  };
}

function startsOf({ parts }: StartInput): StartCommand[] {
  return parts.flatMap(({ plan }) => plan.start ?? []);
}

/** Whether a shell line reads the variable PORT. */
function portOf(line: string): number | null {
  return /\$(PORT\b|\{PORT\b)/.test(line) ? DEFAULT_PORT : null;
}

/** What a line starts through another program, in its own folder; null where it does not. */
function plainCommand({ parts, tree }: StartInput, line: string, at = "."): StartCommand | null {
  if (tree === undefined) return null;
  const found = parts
    .filter(({ dir }) => (dir || ".") === at)
    .map(({ language, dir }) => language.plainCommand?.(subtree(tree, dir), line) ?? null);
  return found.find((one) => one !== null && (one.dir ?? ".") === ".") ?? null;
}

/** Where the configuration and scripts of Nua's say it. */
function listPlaces({ isPrepared, parts }: StartInput): string[] {
  const own = ["run.start", "run.start-script", "nua/start.py", "nua/scripts/start.py"];
  const files = parts.flatMap(({ plan }) => plan.lookedFor ?? []);
  return [...new Set([...own, ...(isPrepared ? ["start.py"] : []), PROCFILE, ...files])];
}

/** Commands of the configuration may still make a start script. */
function isKnown(input: StartInput): boolean {
  const { tree, work, isLayered } = input;
  const isMade = customBuild(input) !== null || work.beforeBuild.length > 0;
  return tree !== undefined && isLayered && !isMade;
}

function missingStart(lookedFor: readonly string[]): string[] {
  const names = lookedFor.join(", ");
  return [`no start command: there is none of ${names}; the image says so when started`];
}

function warningsOf(input: StartInput, start: Start | null): string[] {
  const { parts } = input;
  const { staticFolder } = input.work;
  const isConfigured = start !== null && (start.configured.length > 0 || start.script !== null);
  if (isConfigured && staticFolder !== null) {
    return [`run.static: "${staticFolder}" is not served, since ${start.from?.what} is started`];
  }
  if (isConfigured) return [];
  const chosen = start?.detected?.dir ?? "";
  const others = parts.filter(
    ({ plan, dir }) => plan.start && dir !== "" && start?.site === null && dir !== chosen,
  );
  return [
    ...processOf(input).warnings,
    ...others.map(({ plan, file }) => `${file}: "${plan.start!.line}" is not started`),
  ];
}
