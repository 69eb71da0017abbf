/** Pure: how a Python project is installed: what its lock pins, or its manifest declares, and itself. */
import { posix } from "node:path";
import { type PlannedCommand, plannedPackages } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { LanguageOptions, LanguagePlan } from "../language.ts";
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
import { compilerFor } from "./native-packages.ts";
import { packageState } from "./package-layout.ts";
import { pipInstall } from "./pip.ts";
import { findRequirements, namedPackages, namesApp, namesRepository } from "./requirements.ts";
import { scmVersion } from "./scm-version.ts";

export interface ProjectInput {
  /** All of the source. */
  tree: SourceTree;
  /** The folder of the project. */
  project: SourceTree;
  options: LanguageOptions;
}

/** @throws NuaError where a manifest or a lock is broken */
export function planProject({ tree, project, options }: ProjectInput, place: Place): LanguagePlan {
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

/** Git, for as long as it is built. */
export function gitFor(isCloned: boolean, { from }: Place): LanguagePlan["packages"] {
  return plannedPackages(isCloned ? ["git"] : [], "build", { from: [from] });
}

// --- internal ---

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
