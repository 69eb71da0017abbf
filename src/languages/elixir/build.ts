/** Pure: the commands that fetch what an app depends on, build it, and leave only its release. */
import { shellQuote } from "../../lib/shell-words.ts";
import { type PlannedCommand, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import type { BuildPlace } from "../build-place.ts";
import type { AssetTask } from "./assets.ts";
import { filesOf, hasDependencies, type MixProject, usesHex } from "./project.ts";
import type { ChosenRelease } from "./releases.ts";

/** The release, below the app's source. */
export const OUT = "dist";

/**
 * Hex itself comes by Mix, which checks what it is by its own key: old versions of Mix look for it
 * where packages are, which need not have it.
 */
const INSTALL_HEX = [
  'if [ -n "$NUA_HEX_PUBLIC_KEY_FILE" ]; then mix local.public_keys --force "$NUA_HEX_PUBLIC_KEY_FILE"; fi',
  `HEX_MIRROR="\${HEX_BUILDS_URL:-https://builds.hex.pm}" mix local.hex --force`,
].join("; ");

/** @param checksLock whether a lock that would change is an error */
export function installCommands(
  project: MixProject,
  { place, checksLock }: { place: BuildPlace; checksLock: boolean },
): PlannedCommand[] {
  if (!hasDependencies(project)) return [];
  const options = { ...place, env: ENVIRONMENT };
  const { members } = project;
  const get = ["mix", "deps.get", "--only", "prod", ...(checksLock ? ["--check-locked"] : [])];
  const skipped = [
    ...(members.length > 0 ? ["--skip-umbrella-children"] : []),
    ...(hasLocal(project) ? ["--skip-local-deps"] : []),
  ];
  return [
    ...(usesHex(project) ? [plannedShell(INSTALL_HEX, options)] : []),
    plannedRun(get, options),
    plannedRun(["mix", "deps.compile", ...skipped], { ...options, timeout: COMPILE_TIMEOUT }),
  ];
}

export function buildCommands(
  { name, isListed, folder }: ChosenRelease,
  {
    tasks,
    place,
    hasCookie,
  }: { tasks: readonly AssetTask[]; place: BuildPlace; hasCookie: boolean },
): PlannedCommand[] {
  const options = { ...place, env: ENVIRONMENT, timeout: COMPILE_TIMEOUT };
  const within = (at: string) => (at === "" ? place.cwd : `${place.cwd}/${at}`);
  const made = `_build/prod/rel/${name}`;
  return [
    // What an app's folder brings of an earlier release would be in this one.
    plannedRun(["rm", "-rf", "--", "_build/prod/rel"], place),
    plannedRun(["mix", "compile"], options),
    ...tasks.map(({ task, file, folder: at }) =>
      plannedRun(["mix", task], { ...options, cwd: within(at), from: { what: file } }),
    ),
    plannedRun(["mix", "release", ...(isListed ? [name] : []), "--overwrite"], {
      ...options,
      cwd: within(folder),
    }),
    plannedShell(
      [
        `rm -rf ${OUT} && mv ${made} ${OUT}`,
        ...(hasCookie ? [] : [`rm -f ${OUT}/releases/COOKIE`, NEW_COOKIE]),
      ].join(" && "),
      place,
    ),
  ];
}

/**
 * Removes what only the build reads: what of it the app needs is in its release. What else an app
 * has, it may read when it runs.
 * @param isAlone whether nothing else is built from the folder
 */
export function removalCommands(
  project: MixProject,
  { place, isAlone }: { place: BuildPlace; isAlone: boolean },
): PlannedCommand[] {
  const { top, members, beside } = project;
  const apps = top.appsPath === null ? [] : [top.appsPath.value];
  const own = [top, ...members, ...beside].flatMap(({ folder }) => [
    ...OWN_FOLDERS.map((name) => inFolder(folder, shellQuote(name))),
    ...SOURCES.map((name) => inFolder(folder, name)),
  ]);
  const paths = [...own, ...apps.map(shellQuote), ...(isAlone ? [".git", ".github"] : [])];
  return [plannedShell(`shopt -s dotglob nullglob; rm -rf -- ${paths.join(" ")}`, place)];
}

// --- internal ---

const ENVIRONMENT = { MIX_ENV: "prod" };

/** Seconds: two slow cores, some hundreds of packages, and what they bring in C. */
const COMPILE_TIMEOUT = 7200;

/**
 * Whoever knows it may run anything in an app that lets nodes in: so none is in the image, and two
 * builds make the same one. Source: hexdocs.pm/mix, "mix release", "Environment variables".
 */
const NEW_COOKIE = `for one in ${OUT}/releases/*/env.sh; do printf '%s\\n' 'if [ -z "$RELEASE_COOKIE" ]; then RELEASE_COOKIE=$(od -An -N20 -tx1 /dev/urandom | tr -d " \\n"); fi' >>"$one"; done`;

const OWN_FOLDERS = [
  ...["_build", "deps", "lib", "src", "c_src", "config", "priv", "test", "assets", "rel"],
  ...["cover", "doc", ".elixir_ls", ".lexical"],
];

/** At the top of a folder; a shell expands their stars. */
const SOURCES = [
  ...["*.exs", "*.ex", "*.erl", "mix.lock", "rebar.config", "rebar.lock", "Makefile"],
  ...["elixir_buildpack.config", "phoenix_static_buildpack.config"],
];

/** @param name as a shell is to read it */
function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${shellQuote(folder)}/${name}`;
}

function hasLocal(project: MixProject): boolean {
  return filesOf(project).some(({ dependencies }) =>
    dependencies.some(({ path }) => path !== null),
  );
}
