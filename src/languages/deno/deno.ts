/** Deno: apps with a deno.json, a deno.lock, or a script that is written for it. */
import { NuaError } from "../../lib/errors.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import type { Language, LanguageOptions, LanguagePlan } from "../language.ts";
import type { RequestedRuntime } from "../runtime.ts";
import denoCache from "./agent/deno_cache.py" with { type: "text" };
import { buildCommands, compiles, installCommands, keepCommand } from "./build.ts";
import { type ChosenFolder, chooseFolder, findMember } from "./chosen-folder.ts";
import { CONFIGS, joined } from "./config.ts";
import { denoRule, hasWishes } from "./dependencies.ts";
import { describeDeno } from "./describe.ts";
import { graphOf } from "./graph.ts";
import { LOCK } from "./lock.ts";
import { type Mismatch, mismatchOf } from "./mismatch.ts";
import { isOfApp, readsPackageJson } from "./of-app.ts";
import { requestedDeno } from "./pins.ts";
import { type DenoProject, detectDeno, ENTRIES, readProject } from "./project.ts";
import { denoRuntime } from "./runtime.ts";
import { findSite } from "./site.ts";
import { type DenoStart, findStart, plainStart } from "./start.ts";
import { denoCommand, parseLine } from "./task-line.ts";
import { findTask } from "./tasks.ts";

/** What an app imports is in a layer of its own, and fetched by nobody when the app is started. */
export const deno: Language = {
  name: "deno",
  scripts: { "deno_cache.py": denoCache },
  installsPython: false,
  dependencies: denoRule,
  runtime: denoRuntime,
  manifests: [...CONFIGS, LOCK],
  detect: detectDeno,
  describe: describeDeno,
  isOfApp,
  claims: (tree) => (readsPackageJson(tree) ? ["node"] : []),
  findMember(tree, name) {
    const project = readProject(tree);
    return project && findMember(project, name);
  },
  builds(tree, folder) {
    return readProject(tree)?.members.some((one) => one.folder === folder) ?? false;
  },
  plainCommand(tree, line) {
    const project = readProject(tree)!;
    return plainStart(tree, project.top, line);
  },
  runtimes(tree) {
    const project = readProject(tree)!;
    const { site } = runningOf(tree, chooseFolder(tree, project, NO_WISH));
    const asked = requestedDeno(tree, project, site === null ? "run" : "build");
    const server = { language: "static", from: { what: project.file }, use: "run" } as const;
    return [asked, ...(site === null ? [] : [server satisfies RequestedRuntime])];
  },
  plan(tree, options) {
    const project = readProject(tree)!;
    const chosen = chooseFolder(tree, project, options);
    const running = runningOf(tree, chosen);
    const named = startedEntry(options.started ?? []);
    const graph = named === null ? running.start?.graph : graphOf(tree, named, project.top.imports);
    const mismatch = mismatchOf(tree, project, graph?.imports ?? []);
    if (mismatch !== null && options.frozen) throw doesNotFit(mismatch, project);
    const place = placeOf(options.source, project);
    const warnings = [
      ...lockWarnings(project, mismatch),
      ...severalFolders(chosen),
      ...(running.start?.warnings ?? []),
    ];
    const { site } = running;
    return {
      packages: [],
      ...commandsOf(tree, project, { place, mismatch, running, chosen, options }),
      ...(site === null ? { start: running.start?.start ?? null } : { site }),
      ...needsOf(chosen, running),
      warnings: [...warnings, ...compileWarnings(tree, chosen)],
      lookedFor: ["tasks.start", ...ENTRIES.filter((name) => /^(?:src\/)?main\.ts$/.test(name))],
    };
  },
};

// --- internal ---

const NO_WISH = { member: null };

interface Running {
  start: DenoStart | null;
  site: (LanguagePlan["site"] & {}) | null;
}

/** A file that is only named like a program may be what runs in browsers. */
function runningOf(tree: SourceTree, { own }: ChosenFolder): Running {
  const start = findStart(tree, own);
  const site = findSite(tree, own);
  const isServed = site !== null && (start === null || start.entry === null || start.isGuess);
  return isServed ? { start: null, site } : { start, site: null };
}

function placeOf(source: string, { file }: DenoProject): BuildPlace {
  const otherwise = `${file} is left alone, since there is no Deno in this image; build.builder = "deno" brings it`;
  return { user: "nua", cwd: source, from: { what: file }, needs: { program: "deno", otherwise } };
}

interface Work {
  place: BuildPlace;
  mismatch: Mismatch | null;
  running: Running;
  chosen: ChosenFolder;
  options: LanguageOptions;
}

function commandsOf(
  tree: SourceTree,
  project: DenoProject,
  { place, mismatch, running, chosen, options }: Work,
): Pick<LanguagePlan, "install" | "build" | "tidy"> {
  const { own } = chosen;
  const how = { place, isFrozen: project.lock !== null && mismatch === null };
  const task = findTask(tree, own, "build");
  const build = task === null || compiles(task) ? null : task;
  const entry = startedEntry(options.started ?? []) ?? running.start?.entry ?? null;
  const install = hasWishes(tree, project) ? installCommands(project, how) : [];
  return {
    install,
    build: buildCommands(own, { build, entry, isFetched: install.length > 0 }, how),
    tidy: [keepCommand(project, place)],
  };
}

/** What the configuration or a Procfile has Deno run. */
function startedEntry(lines: readonly string[]): string | null {
  const parsed = parseLine(lines.at(-1) ?? "");
  return parsed === null ? null : (denoCommand(parsed)?.entry ?? null);
}

function needsOf({ own }: ChosenFolder, { start }: Running): Pick<LanguagePlan, "needs"> {
  const { entry } = start ?? {};
  const isFile = entry != null && !/^[a-z]+:/.test(entry);
  return isFile ? { needs: [joined(own.folder, entry.replace(/^\.\//, ""))] } : {};
}

function doesNotFit({ reason, from }: Mismatch, { lockFile }: DenoProject): NuaError {
  return new NuaError("input", `Read "${lockFile}": it does not fit: ${reason}`, {
    ...{ file: from.what, position: { line: from.line ?? 1, column: 1 } },
    hint: `run deno install and commit ${lockFile}, or build without --frozen`,
  });
}

function lockWarnings({ lock, lockFile, file }: DenoProject, mismatch: Mismatch | null): string[] {
  if (mismatch !== null) {
    return [`${mismatch.reason}: Deno completes it, and two builds may get different versions`];
  }
  if (lock !== null) return [];
  const reason = lockFile === null ? `${file} says "lock": false` : `there is no ${lockFile}`;
  return [`${reason}: two builds may get different versions`];
}

function severalFolders({ candidates, own }: ChosenFolder): string[] {
  if (candidates.length === 0) return [];
  const all = candidates.map(({ folder }) => folder).join(", ");
  return [`there are several programs: ${all}; ${own.folder} is started; build.app names another`];
}

function compileWarnings(tree: SourceTree, { own }: ChosenFolder): string[] {
  const task = findTask(tree, own, "build");
  if (task === null || !compiles(task)) return [];
  return [
    `the task "build" is left out: it compiles a program for machines without Deno ("${task.line}")`,
  ];
}
