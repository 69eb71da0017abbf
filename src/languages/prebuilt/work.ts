/** Pure: what is done to a release, so that its program runs: packages, modes, and a check. */
import type { Elf } from "../../lib/elf.ts";
import { NuaError } from "../../lib/errors.ts";
import { AGENT_SCRIPTS, PYTHON } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import { type Linked, packagesOf } from "./libraries.ts";
import { requireRunnable } from "./platform.ts";
import { findCode, findPrograms, type Program } from "./programs.ts";
import { interpreterOf } from "./scripts.ts";

/** Of a script, or where a line starts anything: whatever it may start. */
export function rootsOf(
  tree: SourceTree,
  programs: readonly Program[],
): { path: string; elf: Elf }[] {
  const [program] = programs;
  if (program?.kind === "jar") return [];
  if (program?.kind === "code") {
    const elf = requireRunnable(program);
    return elf === null ? [] : [{ path: program.path, elf }];
  }
  return findCode(tree).flatMap(({ path, code }) => {
    const isProgram = code.format === "elf" && code.elf.kind === "program";
    return isProgram && code.elf.damage === null ? [{ path, elf: code.elf }] : [];
  });
}

/** Those of its libraries, of its C library, and of what runs a script. */
export function requestPackages(programs: readonly Program[], linked: Linked): RequestedPackages[] {
  rejectMusl(linked);
  const musl = linked.libc === "musl" ? [{ names: ["musl"], from: programs[0]?.path ?? "" }] : [];
  const scripts = programs.flatMap(({ path, words }) =>
    words === undefined ? [] : [{ names: interpreterOf(path, words).packages, from: path }],
  );
  const all = [...musl, ...packagesOf(linked), ...scripts];
  return all
    .filter(({ names }) => names.length > 0)
    .map(({ names, from }) => ({ names, from: { what: from } }));
}

/** Of a zip from Windows, and of files that are no archive, nobody knows which are programs. */
export function modeCommands(tree: SourceTree, source: string): PlannedCommand[] {
  const files = findPrograms(tree).filter(
    ({ isExecutable, kind }) => !isExecutable && kind !== "jar",
  );
  const [first] = files;
  if (first === undefined) return [];
  const words = ["chmod", "a+x", "--", ...files.map(({ path }) => path)];
  return [plannedRun(words, { user: "nua", cwd: source, from: { what: first.path } })];
}

/** Only the container knows whether all libraries are there. */
export function checkCommands(
  programs: readonly Program[],
  { linked, env, source }: { linked: Linked; env: Record<string, string>; source: string },
): PlannedCommand[] {
  return programs.flatMap((program) => {
    const { path, code } = program;
    const isLinked = code?.format === "elf" && code.elf.interpreter !== null;
    if (!isLinked || linked.libc !== "glibc") return [];
    const words = [PYTHON, CHECK, callOf(program)];
    return [plannedRun(words, { user: "nua", cwd: source, from: { what: path }, env })];
  });
}

export function libraryPath({ folders }: Linked, source: string): Record<string, string> {
  if (folders.length === 0) return {};
  const places = folders.map((folder) => (folder === "." ? source : `${source}/${folder}`));
  return { LD_LIBRARY_PATH: places.join(":") };
}

/** As a shell finds it, in the source's folder. */
export function callOf({ path }: Program): string {
  return path.includes("/") ? path : `./${path}`;
}

// --- internal ---

const CHECK = `${AGENT_SCRIPTS}/check_libraries.py`;

/** @throws NuaError (input) for what only a distribution with that C library has */
function rejectMusl({ libc, missing }: Linked): void {
  if (libc !== "musl") return;
  const [first] = missing;
  if (first === undefined) return;
  const names = missing.map(({ soname }) => soname).join(", ");
  const problem = `it is linked with musl, and with ${names}, which only Alpine has for that`;
  throw new NuaError("input", `Run "${first.by}": ${problem}`, {
    file: first.by,
    hint: "name the release for glibc (…-linux-gnu), or one that is linked statically",
  });
}
