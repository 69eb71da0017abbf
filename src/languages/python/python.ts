/** Python: projects of every manager, requirements without one, and scripts that say what they need. */
import { posix } from "node:path";
import { type PlannedCommand, plannedPackages } from "../../protocol/planned-action.ts";
import { type SourceTree, subtree } from "../../source/source-tree.ts";
import type { Language, LanguageOptions, LanguagePlan, StartCommand } from "../language.ts";
import { pythonRule } from "./dependencies.ts";
import { describe } from "./describe.ts";
import {
  installBeside,
  installLocked,
  installOwn,
  installResolved,
  installWithApp,
  type Place,
  wordsOf,
} from "./install-commands.ts";
import { type Installation, planInstallation } from "./installation.ts";
import { PYPROJECT, readPyproject } from "./manifests/pyproject.ts";
import { SETUP_CFG, SETUP_PY } from "./manifests/setup-files.ts";
import { findMember, workspaceMembers } from "./manifests/workspace.ts";
import { compilerFor } from "./native-packages.ts";
import { isOfApp } from "./of-app.ts";
import { packageState } from "./package-layout.ts";
import { contradictions, requestedPython } from "./pins.ts";
import { pipInstall } from "./pip.ts";
import {
  findManifest,
  isOnlyAlone,
  leftAlone,
  MANIFESTS,
  type Manifest,
  refuseConda,
} from "./project.ts";
import {
  findRequirements,
  missingFiles,
  namedPackages,
  namesApp,
  namesRepository,
} from "./requirements.ts";
import { planRunning } from "./running.ts";
import { pythonRuntime } from "./runtime.ts";
import { scmVersion } from "./scm-version.ts";
import { planScript } from "./script.ts";

/**
 * What a lock pins is installed as it is, and nothing else; what only a manifest declares is
 * resolved by pip, together with requirements.txt. Projects of the app's own folder then become
 * wheels, and are installed beside it.
 */
export const python: Language = {
  name: "python",
  installsPython: true,
  dependencies: pythonRule,
  runtime: pythonRuntime,
  isOfApp(tree, beside) {
    const manifest = findManifest(tree);
    if (manifest === null || !isOnlyAlone(manifest)) return isOfApp(tree, beside);
    return beside.languages.every((name) => SILENT.includes(name));
  },
  describe,
  runtimes: requestedPython,
  manifests: MANIFESTS,
  detect: (tree) => findManifest(tree)?.file ?? null,
  findMember(tree, name) {
    if (tree.text(PYPROJECT) === undefined) return null;
    return workspaceMembers(tree).includes(name) ? name : (findMember(tree, name) ?? null);
  },
  plan(tree, options) {
    const folder = options.member ?? "";
    const project = subtree(tree, folder);
    const source = folder === "" ? options.source : `${options.source}/${folder}`;
    const { build: finish, buildPackages, ...found } = planRunning(project, { ...options, source });
    const running = { ...found, start: startIn(folder, found.start) };
    const manifest = findManifest(project);
    if (manifest === null) return { ...running, packages: [], install: [], build: [...finish] };
    const requirements = findRequirements(project);
    const missing = requirements === null ? [] : missingFiles(project, requirements);
    const own = planManifest(manifest, { tree, project, options });
    return {
      ...running,
      decisions: own.decisions ?? [],
      warnings: [
        ...leftAlone(project, manifest),
        ...contradictions(tree),
        ...missing,
        ...(own.warnings ?? []),
        ...(running.warnings ?? []),
      ],
      packages: [
        ...own.packages,
        ...buildPackages.flatMap(({ names, from }) =>
          plannedPackages(names, "build", { from: [from] }),
        ),
      ],
      install: own.install,
      build: [...own.build, ...finish],
    };
  },
};

// --- internal ---

function startIn(folder: string, start: LanguagePlan["start"]): StartCommand | null {
  if (start === undefined || start === null) return null;
  return folder === "" ? start : { ...start, dir: posix.join(folder, start.dir ?? "") };
}

/** Languages that give way to any other. */
const SILENT = ["python", "wheels", "static", "shell"];

interface Input {
  tree: SourceTree;
  project: SourceTree;
  options: LanguageOptions;
}

function planManifest({ file, kind }: Manifest, input: Input): LanguagePlan {
  const { source, member } = input.options;
  const from = { what: file };
  const place = { source, project: member === null ? source : `${source}/${member}`, from };
  switch (kind) {
    case "conda":
      return refuseConda(file);
    case "plain":
      return { packages: [], install: [], build: [] };
    case "script":
      return planScript(file, input.project, place);
    case "requirements": {
      const packages = gitFor(namesRepository(input.project, file), place);
      const install = pipInstall(wordsOf(file), { cwd: place.project, from });
      return { packages, install: [install], build: [] };
    }
    case "project":
      return planProject(input, place);
  }
}

function planProject({ tree, project, options }: Input, place: Place): LanguagePlan {
  const { member, version, versions } = options;
  const env = scmVersion(project, version);
  const requirements = findRequirements(project);
  const installation = planInstallation(tree, {
    python: /^3\.\d+/.test(versions.python ?? "") ? versions.python : undefined,
    member,
    isFrozen: options.frozen === true,
  });
  const isCloned = requirements !== null && namesRepository(project, requirements);
  const packages = [
    ...gitFor(isCloned || clones(installation, project), place),
    ...compilersFor(installation, versions.python),
  ];
  const isLocked = installation.what.kind === "locked";
  if (!isLocked && requirements !== null && namesApp(project, requirements)) {
    const { warnings } = installation;
    return { packages, install: [], build: [installWithApp(requirements, env, place)], warnings };
  }
  const state = packageState(project, readPyproject(project));
  const warning = state.isPackage ? undefined : state.warning;
  const { install, build } = commandsOf(installation, {
    ...{ project, requirements, place, env },
    own: state.isPackage ? [place.project] : [],
  });
  return {
    packages,
    install,
    build,
    decisions: [
      ...whatIsInstalled(installation, state.isPackage ? null : requirements),
      ...(state.isPackage
        ? []
        : [{ what: "the project itself is not installed", from: { what: state.because } }]),
    ],
    warnings: [...installation.warnings, ...(warning === undefined ? [] : [warning])],
  };
}

/** @param instead what is installed where no build backend is asked */
function whatIsInstalled(
  { what, file }: Installation,
  instead: string | null,
): NonNullable<LanguagePlan["decisions"]> {
  const decision = (text: string, from = file) => [
    { what: `dependencies: ${text}`, from: { what: from } },
  ];
  switch (what.kind) {
    case "locked":
      return decision("what is locked, and nothing else");
    case "resolved":
      return decision("what is declared, resolved by pip");
    case "unknown":
      return instead === null
        ? decision(`what the build backend tells, since ${what.because}`)
        : decision("what is declared, resolved by pip", instead);
  }
}

interface CommandInput {
  project: SourceTree;
  requirements: string | null;
  place: Place;
  env: Record<string, string>;
  /** The folder of the project itself, where that is installed. */
  own: string[];
}

function commandsOf(
  { what }: Installation,
  { project, requirements, place, env, own }: CommandInput,
): { install: PlannedCommand[]; build: PlannedCommand[] } {
  const absolute = (path: string) => posix.join(place.source, path).replace(/\/$/, "");
  if (what.kind === "locked") {
    const names = new Set(what.packages.map(({ name }) => name));
    const named = requirements === null ? [] : namedPackages(project, requirements);
    const beside = named.filter(({ name }) => !names.has(name)).map(({ text }) => text);
    // Pipenv's lock may name the project itself.
    const others = what.text.folders.map(absolute).filter((one) => one !== place.project);
    const folders = [...others, ...own];
    return {
      install: [...installLocked(what, place), ...installBeside(beside, what, place)],
      build: installOwn({ folders, env, options: ["--no-deps"] }, place),
    };
  }
  if (what.kind === "resolved") {
    const folders = [...what.folders.map(absolute), ...own];
    return {
      install: installResolved(what, requirements, place),
      build: installOwn({ folders, env, options: what.options }, place),
    };
  }
  // Only a build backend tells what is needed: pip asks it, together with the requirements.
  const options = wordsOf(requirements);
  if (own.length > 0)
    return { install: [], build: installOwn({ folders: own, env, options }, place) };
  const { project: cwd, from } = place;
  return { install: requirements === null ? [] : [pipInstall(options, { cwd, from })], build: [] };
}

function gitFor(isCloned: boolean, { from }: Place): LanguagePlan["packages"] {
  return plannedPackages(isCloned ? ["git"] : [], "build", { from: [from] });
}

function compilersFor(
  { what, file }: Installation,
  python: string | undefined,
): LanguagePlan["packages"] {
  if (what.kind !== "locked") return [];
  return compilerFor(what.packages, { python, file }).flatMap(({ names, from }) =>
    plannedPackages(names, "build", { from: [from] }),
  );
}

function clones({ what }: Installation, project: SourceTree): boolean {
  if (what.kind === "locked") return what.packages.some(({ source }) => source.kind === "git");
  if (what.kind === "resolved") return what.requirements.some((one) => one.includes("git+"));
  const manifests = [PYPROJECT, SETUP_PY, SETUP_CFG];
  return manifests.some((name) => project.text(name)?.includes("git+"));
}
