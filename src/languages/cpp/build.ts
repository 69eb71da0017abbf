/** Pure: the commands that configure and compile an app, gather what it is, and leave only that. */
import { AGENT_SCRIPTS, PYTHON, SCRATCH } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import { removalLine } from "../remove-sources.ts";
import type { CppProject } from "./app/project.ts";
import { newerTool } from "./pins.ts";
import type { ChosenProgram } from "./programs.ts";
import { CONFIGURE } from "./tools/autotools.ts";

/** Where an app is installed, below its source: as /usr/local is laid out. */
export const PREFIX = "local";

export interface BuildOptions {
  chosen: ChosenProgram;
  place: BuildPlace;
  /** Debian packages that the image has anyway. */
  there: readonly string[];
  /** The folder of programs, below the app's source. */
  bin: string;
}

export function buildCommands(
  tree: SourceTree,
  project: CppProject,
  { chosen, place, there, bin }: BuildOptions,
): PlannedCommand[] {
  const prefix = `${place.cwd}/${PREFIX}`;
  const options: Options = {
    ...place,
    timeout: COMPILE_TIMEOUT,
    // Libraries of the app's own are found there, wherever they were compiled.
    env: { LDFLAGS: `-Wl,-rpath,${prefix}/lib` },
  };
  const { tool } = project;
  const context = { tree, project, options, prefix, target: chosen.main?.name ?? "" };
  const lines =
    tool === "cmake" ? cmake(context) : tool === "meson" ? meson(context) : copied(context);
  return [...newTool(project, options), ...lines, ...gather(context, chosen, { there, bin })];
}

/**
 * Removes what only the build reads. What else an app has it may read when it runs, unless it says
 * itself what is installed: then its tests and documents go as well.
 */
export function removalCommands(
  { installs }: CppProject,
  { place, isAlone, bin }: { place: BuildPlace; isAlone: boolean; bin: string },
): PlannedCommand[] {
  const line = removalLine({
    paths: [...BUILT, ...(isAlone ? [".git", ".github"] : [])],
    names: SOURCES,
    folders: installs ? [...ASIDE, ...TESTS] : ASIDE,
  });
  // What is installed stays as it is.
  const aside = `${SCRATCH}/installed`;
  const all = [bin, PREFIX].map((name) => `[ ! -e ${name} ] || mv ${name} ${aside}/`).join("; ");
  const back = `mv ${aside}/* ./`;
  return [plannedShell(`set -e; mkdir -p ${aside}; ${all}; ${line}; ${back}`, place)];
}

// --- internal ---

type Options = BuildPlace & { timeout: number; env: Record<string, string> };

interface Context {
  tree: SourceTree;
  project: CppProject;
  options: Options;
  prefix: string;
  /** What is made where nothing is installed. */
  target: string;
}

/** Seconds: an optimizing compiler, two slow cores and some thousands of files. */
const COMPILE_TIMEOUT = 7200;

/** Compiled apart from the sources; always there, since programs may hold the path. */
const OUT = `${SCRATCH}/compiled`;
/** What is installed goes there first: only what is below the prefix is taken. */
const STAGE = `${SCRATCH}/stage`;

/** 1980, as archives have it. */
const OLD = 315_619_200;

/** As many at once as there is memory for. */
const JOBS = `"$(${PYTHON} ${AGENT_SCRIPTS}/count_jobs.py)"`;

/** An install rule may set owners: as packages of Debian are made. */
const FAKEROOT = "fakeroot";

/** As a package of Python, into a folder that is there for the build alone. */
function newTool(project: CppProject, options: Options): PlannedCommand[] {
  const tool = newerTool(project);
  if (tool === null) return [];
  const folder = `${SCRATCH}/newer`;
  const argv = [
    PYTHON,
    "-m",
    "pip",
    "install",
    "--target",
    folder,
    `${tool.name}>=${tool.version}`,
  ];
  const link = `mkdir -p ${SCRATCH}/bin && printf '#!/bin/sh\\nPYTHONPATH=${folder} exec ${folder}/bin/${tool.name} "$@"\\n' >${SCRATCH}/bin/${tool.name} && chmod 755 ${SCRATCH}/bin/${tool.name}`;
  const from = project.minimum?.from ?? options.from;
  return [plannedRun(argv, { ...options, from }), plannedShell(link, { ...options, from })];
}

function cmake({ project, options, prefix }: Context): PlannedCommand[] {
  const { preset } = project;
  const configure = [
    ...["cmake", ...(preset === null ? [] : ["--preset", preset.name]), "-S", ".", "-B", OUT],
    ...["-DCMAKE_BUILD_TYPE=Release", `-DCMAKE_INSTALL_PREFIX=${prefix}`],
    // Debian's own folder for libraries has the processor's name in it.
    ...["-DCMAKE_INSTALL_LIBDIR=lib", "-DBUILD_TESTING=OFF"],
  ];
  return [
    plannedRun(configure, options),
    plannedShell(`cmake --build ${OUT} --parallel ${JOBS}`, options),
    ...(project.installs
      ? [
          plannedRun([FAKEROOT, "cmake", "--install", OUT], {
            ...options,
            env: { ...options.env, DESTDIR: STAGE },
          }),
        ]
      : []),
  ];
}

function meson({ project, options, prefix }: Context): PlannedCommand[] {
  const setup = [
    ...["meson", "setup", OUT, "--buildtype", "release", "--prefix", prefix, "--libdir", "lib"],
    // Nothing is fetched that nobody has checked.
    ...["--wrap-mode", "nodownload"],
  ];
  return [
    plannedRun(setup, options),
    plannedShell(`meson compile -C ${OUT} -j ${JOBS}`, options),
    ...(project.installs
      ? [
          plannedRun([FAKEROOT, "meson", "install", "-C", OUT, "--no-rebuild"], {
            ...options,
            env: { ...options.env, DESTDIR: STAGE },
          }),
        ]
      : []),
  ];
}

/** Tools that write beside the sources work in a copy of them. */
function copied({ tree, project, options, prefix }: Context): PlannedCommand[] {
  const inOut = { ...options, cwd: OUT };
  const places = [`DESTDIR=${STAGE}`, `PREFIX=${prefix}`, `prefix=${prefix}`];
  const isMake = project.tool === "make";
  // What was made of another file is as old as that, so that nothing is made again for its age alone.
  const old = `find ${OUT} -exec touch --no-dereference --date=@${OLD} {} +`;
  return [
    plannedShell(`mkdir -p ${OUT} && cp -a . ${OUT}/ && ${old}`, options),
    ...(isMake ? [] : configure(tree, inOut, prefix)),
    plannedShell(`make -j${JOBS}${isMake ? ` ${places.slice(1).join(" ")}` : ""}`, inOut),
    ...(project.installs
      ? [
          plannedRun(
            [FAKEROOT, "make", "install", ...(isMake ? places : places.slice(0, 1))],
            inOut,
          ),
        ]
      : []),
  ];
}

function configure(tree: SourceTree, options: Options, prefix: string): PlannedCommand[] {
  const script = ["autogen.sh", "bootstrap", "bootstrap.sh", "buildconf"].find((name) =>
    tree.has(name),
  );
  const isThere = tree.has(CONFIGURE);
  const make =
    script === undefined
      ? plannedRun(["autoreconf", "--force", "--install"], options)
      : plannedRun(["sh", `./${script}`], {
          ...options,
          env: { ...options.env, NOCONFIGURE: "1" },
        });
  // Those of before automake know neither.
  const words = ["./configure", `--prefix=${prefix}`];
  return [...(isThere ? [] : [make]), plannedRun(isThere ? ["sh", ...words] : words, options)];
}

/** What it is, from where it was made or installed, to where the image has it. */
function gather(
  { project, options }: Context,
  { built }: ChosenProgram,
  { there, bin }: Pick<BuildOptions, "there" | "bin">,
): PlannedCommand[] {
  const names = built.flatMap(({ name }) => ["--program", name]);
  const { user, cwd, from, needs } = options;
  const words = [
    ...[PYTHON, `${AGENT_SCRIPTS}/gather_programs.py`, ...names, "--built", OUT],
    ...["--stage", STAGE, "--prefix", PREFIX, "--bin", bin],
  ];
  const known = there.flatMap((name) => ["--there", name]);
  const libraries = [PYTHON, `${AGENT_SCRIPTS}/take_libraries.py`, ...known, bin, PREFIX];
  return [
    plannedRun(words, { user, cwd, from, needs }),
    plannedRun(libraries, { user: "root", cwd, from: { what: project.file }, needs }),
  ];
}

/** What editors build in, and what configuring leaves. */
const BUILT = ["cmake-build-*", "autom4te.cache"];

const SOURCES = [
  ...["*.c", "*.cc", "*.cpp", "*.cxx", "*.c++", "*.h", "*.hh", "*.hpp", "*.hxx", "*.inl", "*.ipp"],
  ...["*.s", "*.S", "*.asm", "*.y", "*.l", "*.am", "*.ac", "*.m4", "*.cmake", "*.cmake.in"],
  ...["*.c.in", "*.h.in", "*.pc.in", "Makefile*", "makefile", "GNUmakefile", "CMakeLists.txt"],
  ...["CMakePresets.json", "CMakeUserPresets.json", "meson.build", "meson_options.txt"],
  ...["meson.options", "*.wrap", "configure", "configure.in", "config.guess", "config.sub"],
  ...["config.rpath", "install-sh", "ltmain.sh", "missing", "depcomp", "compile", "ylwrap"],
  ...["test-driver", "autogen.sh", "*.sln", "*.vcxproj*", "*.dsp", "*.dsw", "SConstruct"],
  ...["SConscript", "*.spec.in", ".clang-format", ".clang-tidy", "vcpkg.json", "conanfile.*"],
];

const ASIDE = ["m4", "build-aux", "cmake"];
const TESTS = ["test", "tests", "testsuite", "doc", "docs", "man", "po", "examples", "contrib"];
