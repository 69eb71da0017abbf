/** Pure: the commands that install what an app needs, and the app itself. */

import { formatWords } from "../../lib/shell-words.ts";
import { AGENT_SCRIPTS, DEBIAN_PYTHON_PACKAGES, PYTHON, SCRATCH } from "../../protocol/layout.ts";
import {
  type Origin,
  type PlannedCommand,
  type PlannedRun,
  plannedRun,
  plannedShell,
} from "../../protocol/planned-action.ts";
import type { Locked, Resolved } from "./installation.ts";
import { pipInstall } from "./pip.ts";

export interface Place {
  /** Where the app's source is in the image, and where the project is. */
  source: string;
  project: string;
  from: Origin;
}

/** A file of the app with requirements, relative to the project; null where there is none. */
export type Requirements = string | null;

/**
 * Exactly the packages of a lock: nothing is resolved, and only what has the lock's digests is
 * taken. Nothing of its own folder is asked of an index.
 */
export function installLocked({ text }: Locked, place: Place): PlannedCommand[] {
  const { source: cwd, from } = place;
  const commands = text.files.flatMap(({ index, isHashed, text: lines }, at) => {
    const path = `${SCRATCH}/locked${at === 0 ? "" : `-${at + 1}`}.txt`;
    const words = [
      ...(isHashed ? ["--require-hashes"] : []),
      ...(index === null ? [] : ["--index-url", index]),
      ...["--no-deps", "--requirement", path],
    ];
    return [writeFile(path, lines, from), pipInstall(words, { cwd, from })];
  });
  const archives = text.archives.map((path) => `./${path}`);
  if (archives.length === 0) return commands;
  return [...commands, pipInstall(["--no-deps", ...archives], { cwd, from })];
}

/** What is declared, together with the requirements file beside it. */
export function installResolved(
  what: Resolved,
  file: Requirements,
  place: Place,
): PlannedCommand[] {
  const { project: cwd, from } = place;
  const apart = what.apart.flatMap(({ index, requirements }, at) => {
    const path = `${SCRATCH}/declared-of-index-${at + 1}.txt`;
    const words = ["--index-url", index, "--no-deps", "--requirement", path];
    return [writeFile(path, lines(requirements), from), pipInstall(words, { cwd, from })];
  });
  const archives = what.archives.map((path) => `${place.source}/${path}`);
  const declared = what.requirements.length > 0 ? ["--requirement", DECLARED] : [];
  const words = [...what.options, ...declared, ...wordsOf(file), ...archives];
  if (declared.length + archives.length === 0 && file === null) return apart;
  const write = declared.length === 0 ? [] : [writeFile(DECLARED, lines(what.requirements), from)];
  if (what.preferred.length === 0) return [...apart, ...write, pipInstall(words, { cwd, from })];
  // A version that is kept may rule out what is new: then all are resolved.
  const install = pipInstall(words, { cwd, from });
  const kept = [...install.argv, "--constraint", PREFERRED];
  const line = `${formatWords(kept)} || ${formatWords(install.argv)}`;
  return [
    ...[...apart, ...write],
    writeFile(PREFERRED, lines(what.preferred), from),
    plannedShell(line, { user: "nua", cwd, from }),
  ];
}

/** What a requirements file has beside a lock, in versions that go with it. */
export function installBeside(
  requirements: readonly string[],
  { packages }: Locked,
  place: Place,
): PlannedCommand[] {
  if (requirements.length === 0) return [];
  const { project: cwd, from } = place;
  const pinned = packages.flatMap(({ name, version, source }) =>
    source.kind === "index" && version !== null ? [`${name}==${version}`] : [],
  );
  const names = pinned.map((one) => one.replace(/==.*/, ""));
  const single = pinned.filter(
    (_, at) => names.indexOf(names[at]!) === names.lastIndexOf(names[at]!),
  );
  const words = ["--requirement", DECLARED, "--constraint", PREFERRED];
  return [
    writeFile(DECLARED, lines(requirements), from),
    writeFile(PREFERRED, lines(single), from),
    pipInstall(words, { cwd, from }),
  ];
}

export interface OwnProjects {
  /** Folders of projects, absolute. */
  folders: readonly string[];
  /** For the tools that ask git for a version. */
  env: Readonly<Record<string, string>>;
  /** Words of pip. */
  options: readonly string[];
}

/** Projects of the app's folder become wheels first: what builds them leaves nothing behind. */
export function installOwn({ folders, env, options }: OwnProjects, place: Place): PlannedCommand[] {
  if (folders.length === 0) return [];
  const { project: cwd, from } = place;
  const words = [PYTHON, BUILD_WHEEL, WHEELS, DEBIAN_PYTHON_PACKAGES, "-m", "pip"];
  const wheels = folders.map((folder) =>
    plannedRun(words, { user: "nua", cwd: folder, from, env }),
  );
  return [
    ...wheels,
    { ...pipInstall([...options, `${WHEELS}/*.whl`], { cwd, from }), glob: "beside others" },
  ];
}

/** Requirements that name the app itself: pip builds it, in its folder. */
export function installWithApp(file: string, env: OwnProjects["env"], place: Place): PlannedRun {
  const words = pipInstall(wordsOf(file), { cwd: place.project, from: place.from }).argv;
  const argv = [PYTHON, BUILD_WHEEL, "-", DEBIAN_PYTHON_PACKAGES, ...words.slice(1)];
  return plannedRun(argv, { user: "nua", cwd: place.project, from: place.from, env });
}

export function wordsOf(file: Requirements): string[] {
  return file === null ? [] : ["--requirement", file];
}

// --- internal ---

const BUILD_WHEEL = `${AGENT_SCRIPTS}/build_wheel.py`;
const WHEELS = `${SCRATCH}/wheels`;
const DECLARED = `${SCRATCH}/declared.txt`;
const PREFERRED = `${SCRATCH}/versions.txt`;

function writeFile(path: string, text: string, from: Origin): PlannedCommand {
  return { kind: "write-file", path, text, mode: 0o644, from };
}

function lines(all: readonly string[]): string {
  return all.map((one) => `${one}\n`).join("");
}
