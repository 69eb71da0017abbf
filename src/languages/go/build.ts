/** Pure: the commands that fetch an app's modules, build its programs, and leave only those. */
import { shellQuote } from "../../lib/shell-words.ts";
import { SCRATCH } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import { removalLine } from "../remove-sources.ts";
import { binFolder, type GoCommand } from "./commands.ts";
import { type CopiedFrontEnd, copiedFrontEnd, onlyEmbedded } from "./embeds.ts";
import type { GoProject } from "./project.ts";
import { requiredModules } from "./project.ts";
import { join, textsOf } from "./sources.ts";

export interface BuildOptions {
  /** Whether anything is linked with C. */
  isLinkedWithC: boolean;
  /** The app's version. */
  version: string;
}

/** Modules that are there already, and those that have to be resolved first, are not fetched apart. */
export function downloadCommands(project: GoProject, place: BuildPlace): PlannedCommand[] {
  const { isVendored, mismatch } = project;
  if (requiredModules(project).size === 0 || mismatch !== null || isVendored) return [];
  return [plannedRun(["go", "mod", "download"], { ...place, env: ENVIRONMENT })];
}

/** A line for each program. */
export function buildCommands(
  tree: SourceTree,
  { project, built }: { project: GoProject; built: readonly GoCommand[] },
  { place, isLinkedWithC, version }: BuildOptions & { place: BuildPlace },
): PlannedCommand[] {
  const bin = binFolder(tree, project);
  const env = { ...ENVIRONMENT, CGO_ENABLED: isLinkedWithC ? "1" : "0" };
  const programs = built.map((command) => {
    const { folder, name } = command;
    const words = [
      ...["go", "build", "-trimpath", ...modeOf(project)],
      // Where git says nothing of it.
      ...(tree.has(".git") ? [] : ["-buildvcs=false"]),
      ...["-ldflags", linkerFlags(tree, command, version)],
      ...["-o", `${bin}/${name}`, folder.folder === "" ? "." : `./${folder.folder}`],
    ];
    return plannedRun(words, { ...place, env, timeout: COMPILE_TIMEOUT });
  });
  const copied = copiedFrontEnd(tree, ...project.modules.map(({ folder }) => folder));
  return [...(copied === null ? [] : [plannedShell(copyLine(copied), place)]), ...programs];
}

/**
 * Removes what only the build reads: sources, their tests, what they depend on, and what has become
 * a part of the program. What else an app has, it may read when it runs.
 * @param isAlone whether nothing else is built from the folder
 */
export function removalCommands(
  tree: SourceTree,
  project: GoProject,
  { place, isAlone }: { place: BuildPlace; isAlone: boolean },
): PlannedCommand[] {
  const { fronts, embedded } = onlyEmbedded(tree, project);
  const vendored = [...new Set(["", ...project.modules.map(({ folder }) => folder)])]
    .map((folder) => join(folder, "vendor"))
    .filter((one) => tree.has(`${one}/modules.txt`));
  const paths = [
    ...vendored.map(shellQuote),
    ...(isAlone ? [".git", ".github"] : []),
    ...fronts.map(shellQuote),
    ...embedded,
  ];
  const names = isAlone ? [...SOURCES, ...C_SOURCES] : SOURCES;
  const folders = isAlone ? ["testdata"] : [];
  return [plannedShell(removalLine({ paths, names, folders }), place)];
}

// --- internal ---

/** Seconds: some programs have hundreds of modules, and machines are shared. */
const COMPILE_TIMEOUT = 7200;

/** What Go notes of its own use would stay in the home of user nua. */
const ENVIRONMENT = { XDG_CONFIG_HOME: `${SCRATCH}/config` };

/** From where bundlers put what they have made. */
function copyLine({ from, to }: CopiedFrontEnd): string {
  const places = ["dist", "build", "out"].map((name) => shellQuote(`${from}/${name}`)).join(" ");
  const target = shellQuote(to);
  return `for made in ${places}; do if [ -d "$made" ]; then mkdir -p ${target}; cp -R "$made/." ${target}; break; fi; done`;
}

const SOURCES = [
  ...["*.go", "go.mod", "go.sum", "go.work", "go.work.sum"],
  ...[".golangci.y*ml", ".goreleaser.y*ml"],
];

/** What cgo compiles. */
const C_SOURCES = ["*.c", "*.cc", "*.cpp", "*.h", "*.hpp", "*.s", "*.S"];

/**
 * Go writes to go.mod and go.sum only where it is told to; of a workspace it writes go.work.sum,
 * unless a folder vendor is there, which it takes by itself.
 */
function modeOf({ isVendored, mismatch, isWorkspace }: GoProject): string[] {
  if (mismatch === null) return isVendored ? ["-mod=vendor"] : [];
  if (!isWorkspace) return ["-mod=mod"];
  return isVendored ? ["-mod=readonly"] : [];
}

/** Without the table of symbols and what debuggers read. */
function linkerFlags(tree: SourceTree, { folder }: GoCommand, version: string): string {
  const name = versionVariable(textsOf(tree, folder));
  const isPlain = /^[\w.+~-]+$/.test(version);
  return ["-s", "-w", ...(name !== null && isPlain ? ["-X", `main.${name}=${version}`] : [])].join(
    " ",
  );
}

/** A variable of the program that people set when they build it. */
function versionVariable(texts: readonly string[]): string | null {
  for (const text of texts) {
    let isBlock = false;
    for (const line of text.split("\n")) {
      const [, begun = "", name] = VERSION.exec(line) ?? [];
      if (name !== undefined && (begun !== "" || isBlock)) return name;
      if (/^var[ \t]*\(/.test(line)) isBlock = true;
      else if (/^\S/.test(line)) isBlock = false;
    }
  }
  return null;
}

/** `var version = "dev"`, `var Version string`; indented, where it is one of several. */
const VERSION = /^(var)?[ \t]+(version|Version|VERSION)(?:[ \t]+string\b|[ \t]*=[ \t]*["`])/;

/** For messages. */
export function pathOf({ folder }: GoCommand): string {
  return folder.folder === "" ? "." : `./${join(folder.folder, "")}`.replace(/\/$/, "");
}
