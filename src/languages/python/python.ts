/** Python: projects of every manager, requirements without one, and scripts that say what they need. */
import { type PlannedCommand, plannedPackages } from "../../protocol/planned-action.ts";
import { type SourceTree, subtree } from "../../source/source-tree.ts";
import type { Beside, Language, LanguageOptions, LanguagePlan } from "../language.ts";
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
import { findManifest, MANIFESTS, type Manifest, refuseConda } from "./project.ts";
import { findRequirements, namedPackages, namesApp, namesRepository } from "./requirements.ts";
import { planRunning } from "./running.ts";
import { pythonRuntime } from "./runtime.ts";
import { scmVersion } from "./scm-version.ts";
import { planScript } from "./script.ts";
import { MAIN_FILES } from "./start/main-file.ts";

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
  isOfApp: (tree, beside) =>
    findManifest(tree) === null ? isAlone(beside) : isOfApp(tree, beside),
  describe,
  runtimes: requestedPython,
  manifests: MANIFESTS,
  detect: (tree) => findManifest(tree)?.file ?? bareFile(tree) ?? null,
  findMember(tree, name) {
    if (tree.text(PYPROJECT) === undefined) return null;
    return workspaceMembers(tree).includes(name) ? name : (findMember(tree, name) ?? null);
  },
  plan(tree, options) {
    const folder = options.member ?? "";
    const project = subtree(tree, folder);
    const { build: finish, buildPackages, ...running } = planRunning(project, options);
    const manifest = findManifest(project);
    if (manifest === null) return { ...running, packages: [], install: [], build: [...finish] };
    const found = planManifest(manifest, { tree, project, options });
    return {
      ...running,
      warnings: [...contradictions(tree), ...(found.warnings ?? []), ...(running.warnings ?? [])],
      packages: [
        ...found.packages,
        ...buildPackages.flatMap(({ names, from }) =>
          plannedPackages(names, "build", { from: [from] }),
        ),
      ],
      install: found.install,
      build: [...found.build, ...finish],
    };
  },
};

// --- internal ---

/** An app that needs nothing may have no more than the file that is run. */
function bareFile(tree: SourceTree): string | undefined {
  return MAIN_FILES.find((name) => tree.text(name) !== undefined);
}

/** Beside another language, a file alone is a tool of those who develop. */
function isAlone({ languages }: Beside): boolean {
  return languages.every((name) => ["python", "static", "shell"].includes(name));
}

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
    ...{
      python: versions.python,
      member,
      isFrozen: (options as { frozen?: boolean }).frozen === true,
    },
  });
  const isCloned = requirements !== null && namesRepository(project, requirements);
  const packages = [
    ...gitFor(isCloned || clones(installation, project), place),
    ...compilersFor(installation, versions.python),
  ];
  if (requirements !== null && namesApp(project, requirements)) {
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
    warnings: [...installation.warnings, ...(warning === undefined ? [] : [warning])],
  };
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
  const absolute = (path: string) => `${place.source}/${path}`;
  if (what.kind === "locked") {
    const names = new Set(what.packages.map(({ name }) => name));
    const named = requirements === null ? [] : namedPackages(project, requirements);
    const beside = named.filter(({ name }) => !names.has(name)).map(({ text }) => text);
    const folders = [...what.text.folders.map(absolute), ...own];
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
