import {
  AGENT_INPUT_FILE,
  GIT_SOURCE,
  INPUTS_NAME,
  LAYERS_FOLDER,
  SOURCE_ARCHIVE,
} from "../../shared/agent-input.ts";
import type { Action, Facts } from "../action.ts";
import { type Command, type RunCommand, run } from "../command.ts";
import { APP, BUILD, METADATA, PYTHON, SCRIPTS, VENV } from "../layout.ts";
import type { Tree } from "../tree.ts";

/** At the top of the context for the builder and the agent, not for the app. */
const NOT_THE_APPS = [AGENT_INPUT_FILE, "Dockerfile", INPUTS_NAME, LAYERS_FOLDER];

/** Not copied either; where they are in /nua/build already, they go when the source is there. */
const SOURCES = [SOURCE_ARCHIVE, GIT_SOURCE];

/**
 * Brings the context to /nua/build. Where the builder could not mount it, it is there already
 * and in a layer of its own: only what is wrong is changed, or it would be stored twice.
 */
export const placeContext: Action = {
  name: "place-context",
  describe: ({ context }) => (context === null ? "Use the app's files" : "Copy the app's files"),
  commands: (facts) => [
    makeFolder(BUILD),
    ...(facts.context === null ? adoptContext(facts) : copyContext(facts, facts.context)),
  ],
};

export const makeFolders: Action = {
  name: "make-folders",
  describe: () => "Make folders",
  commands: ({ input, caches }) => [
    makeFolder(APP),
    makeFolder(METADATA),
    run(["install", "-d", "-m", "755", SCRIPTS]),
    ...Object.values(caches)
      .filter((folder) => folder !== null)
      .map(makeFolder),
    ...(input.documentRoot === null ? [] : recreateFolder(input.documentRoot)),
  ],
};

/** Dependencies that were installed beside the image, so that what the build needs can go. */
export const takeDependencies: Action = {
  name: "take-dependencies",
  describe: ({ dependencies }) =>
    dependencies === null ? null : "Take the dependencies that are installed already",
  commands: ({ dependencies }) => [
    makeFolder(BUILD),
    run(["cp", "--archive", "--", `${dependencies}/build/.`, BUILD]),
    // Of the environment only what is new: the rest is in a layer below.
    run(["cp", "--archive", "--update", "--", `${dependencies}/venv/.`, VENV]),
  ],
};

/** Each sub-folder of the package's `nua` goes to the folder of that name in /nua. */
export const mergeFolders: Action = {
  name: "merge-folders",
  describe: ({ tree }) =>
    subfolders(tree).length === 0 ? null : `Merge ${subfolders(tree).join(", ")} into /nua`,
  commands: ({ tree }) =>
    subfolders(tree).flatMap((name) => [
      run(["install", "-d", "-m", "755", `/nua/${name}`]),
      // By content, so that the folder's own mode stays; root's, with the mode of the source.
      run([
        ...["cp", "--recursive", "--no-dereference", "--preserve=mode,timestamps,links", "--"],
        ...paths(tree, `${BUILD}/nua/${name}`),
        `/nua/${name}/`,
      ]),
    ]),
};

/**
 * What root has made among the files of user nua, such as by sudo in a build command. Files keep
 * their capabilities, of which chown would take them.
 */
export const fixOwners: Action = {
  name: "fix-owners",
  describe: () => "Hand the files to user nua",
  commands: () => [
    run([
      ...["find", BUILD, APP, VENV, ...STRAYS],
      ...["(", "-type", "f", "-exec", PYTHON, "-m", "nua.lib.owners", "nua", "{}", "+"],
      ...["-o", ...ADOPT, ")"],
    ]),
  ],
};

// --- internal ---

function copyContext({ tree }: Facts, context: string): Command[] {
  const unwanted = [...NOT_THE_APPS, ...SOURCES, ...emptyNua(context, tree)].map(
    (name) => `${context}/${name}`,
  );
  const wanted = paths(tree, context).filter((path) => !unwanted.includes(path));
  // A layer of dependencies may be made from the configuration alone.
  if (wanted.length === 0) return [];
  return [
    // One cp for all: hard links among them stay hard links.
    run(["cp", "--archive", "--", ...wanted, `${BUILD}/`]),
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

/** What is in a folder, as words for cp. */
function paths(tree: Tree, folder: string): string[] {
  return tree.list(folder).map((name) => `${folder}/${name.replace(/\/$/, "")}`);
}
