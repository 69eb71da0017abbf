/** Commands that copy the app's files, and set their owner. */
import {
  AGENT_INPUT_FILE,
  INPUTS_NAME,
  LAYERS_FOLDER,
  SOURCE_ARCHIVE,
} from "../../protocol/agent-input.ts";
import { type Command, type RunCommand, run } from "../../protocol/command.ts";
import { APP, BUILD, METADATA, PYTHON, SCRIPTS, VENV } from "../../protocol/layout.ts";
import type { Facts } from "../facts.ts";
import type { Tree } from "../tree.ts";

/** At the top of the context for the builder and the agent, not for the app. */
const NOT_THE_APPS = [AGENT_INPUT_FILE, "Dockerfile", INPUTS_NAME, LAYERS_FOLDER];

/** Not copied either; where they are in /nua/build already, they go when the source is there. */
const SOURCES = [SOURCE_ARCHIVE];

/**
 * Brings the context to /nua/build. Where the builder could not mount it, it is there already
 * and in a layer of its own: only what is wrong is changed, or it would be stored twice.
 */
export function placeContext(facts: Facts): Command[] {
  const { context } = facts;
  return [
    makeFolder(BUILD),
    ...(context === null ? adoptContext(facts) : copyContext(facts, context)),
  ];
}

/** @param planned.documentRoot a folder that is made anew, empty */
export function makeFolders(
  { documentRoot }: { documentRoot: string | null },
  { caches }: Facts,
): Command[] {
  return [
    makeFolder(APP),
    makeFolder(METADATA),
    run(["install", "-d", "-m", "755", SCRIPTS]),
    ...caches.map(makeFolder),
    ...(documentRoot === null ? [] : recreateFolder(documentRoot)),
  ];
}

/** Each sub-folder of the package's `nua` goes to the folder of that name in /nua. */
export function mergeFolders({ tree }: Facts): Command[] {
  return subfolders(tree).flatMap((name) => [
    run(["install", "-d", "-m", "755", `/nua/${name}`]),
    // By content, so that the folder's own mode stays; root's, with the mode of the source.
    copyEntries(`${BUILD}/nua/${name}`, `/nua/${name}`, [
      ...["--recursive", "--no-dereference", "--preserve=mode,timestamps,links"],
    ]),
  ]);
}

/**
 * What root has made among the files of user nua, such as by sudo in a build command. Files keep
 * their capabilities, of which chown would take them.
 */
export function fixOwners(): Command[] {
  return [
    run([
      ...["find", BUILD, APP, VENV, ...STRAYS],
      ...["(", "-type", "f", "-exec", PYTHON, "-m", "nua.lib.owners", "nua", "{}", "+"],
      ...["-o", ...ADOPT, ")"],
    ]),
  ];
}

// --- internal ---

function copyContext({ tree }: Facts, context: string): Command[] {
  const unwanted = [...NOT_THE_APPS, ...SOURCES, ...emptyNua(context, tree)];
  const wanted = tree
    .list(context)
    .map((name) => name.replace(/\/$/, ""))
    .filter((name) => !unwanted.includes(name));
  // A layer of dependencies may be made from the configuration alone.
  if (wanted.length === 0) return [];
  return [
    copyEntries(context, BUILD, ["--archive"], unwanted),
    ...plainModes(context, unwanted),
    // Only what is not the user's already: a layer below may hold the dependencies, and a change
    // of owner, even to the same, would store them again.
    adoptStrays([BUILD]),
  ];
}

function adoptContext({ tree }: Facts): Command[] {
  const unwanted = [...NOT_THE_APPS, ...emptyNua(BUILD, tree)]
    .map((name) => `${BUILD}/${name}`)
    .filter(tree.exists);
  return [...(unwanted.length > 0 ? [run(["rm", "-rf", ...unwanted])] : []), adoptStrays([BUILD])];
}

/**
 * Every context has a folder `nua`. In the app's it would be a package beside its own to
 * setuptools, which then builds neither.
 */
function emptyNua(folder: string, tree: Tree): string[] {
  return tree.list(`${folder}/nua`).length === 0 ? ["nua"] : [];
}

const STRAYS = ["(", "!", "-user", "nua", "-o", "!", "-group", "nua", ")"];
const ADOPT = ["-exec", "chown", "--no-dereference", "nua:nua", "{}", "+"];

function adoptStrays(folders: readonly string[]): RunCommand {
  return run(["find", ...folders, ...STRAYS, ...ADOPT]);
}

function makeFolder(path: string): RunCommand {
  return run(["install", "-d", "-m", "755", "-o", "nua", "-g", "nua", path]);
}

function recreateFolder(path: string): Command[] {
  const folder = path.startsWith("/") ? path : `${BUILD}/${path}`;
  return [run(["rm", "-rf", "--one-file-system", folder]), makeFolder(folder)];
}

/** A folder `nua` inside `nua` would land upon /nua/nua, which is not part of the layout. */
function subfolders(tree: Tree): string[] {
  return tree
    .list(`${BUILD}/nua`)
    .filter((entry) => entry.endsWith("/") && entry !== "nua/")
    .map((entry) => entry.slice(0, -1))
    .filter((name) => tree.list(`${BUILD}/nua/${name}`).length > 0);
}

/**
 * What is in a folder, but some of it, to another; by find, for names that are no text. One cp for
 * all: hard links among them stay hard links.
 */
function copyEntries(
  from: string,
  to: string,
  flags: readonly string[],
  unwanted: readonly string[] = [],
): RunCommand {
  return run([
    ...["find", from, "-mindepth", "1", "-maxdepth", "1"],
    ...unwanted.flatMap((name) => ["!", "-name", name]),
    ...["-exec", "cp", ...flags, `--target-directory=${to}`, "--", "{}", "+"],
  ]);
}

/**
 * Gives what was copied from a mounted context its permissions: whether it is a program, and no
 * more of the umask of whoever has checked it out. Files that have them are not touched.
 */
function plainModes(context: string, unwanted: readonly string[]): RunCommand[] {
  const others = unwanted.flatMap((name, index) => [
    ...(index > 0 ? ["-o"] : []),
    ...["-path", `./${name}`],
  ]);
  const change = (mode: string) => `cd ${BUILD} && exec chmod ${mode} -- "$@"`;
  const rule = (isProgram: string[], mode: string) => [
    ...[...isProgram, "!", "-perm", mode, "-exec", "sh", "-c", change(mode), "sh", "{}", "+"],
  ];
  const words = [
    ...["find", ".", "(", ...others, ")", "-prune", "-o", "-type", "f", "("],
    ...rule(["-perm", "/111"], "755"),
    "-o",
    ...rule(["!", "-perm", "/111"], "644"),
    ")",
  ];
  return [run(words, { cwd: context })];
}
