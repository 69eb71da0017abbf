/** Python: projects of every manager, requirements without one, and scripts that say what they need. */
import { posix } from "node:path";
import { plannedPackages } from "../../protocol/planned-action.ts";
import { subtree } from "../../source/source-tree.ts";
import type { Language, LanguagePlan, StartCommand } from "../language.ts";
import buildWheel from "./agent/build_wheel.py" with { type: "text" };
import { pythonRule } from "./dependencies.ts";
import { describe } from "./describe.ts";
import { wordsOf } from "./install-commands.ts";
import { PYPROJECT } from "./manifests/pyproject.ts";
import { findMember, workspaceMembers } from "./manifests/workspace.ts";
import { isOfApp } from "./of-app.ts";
import { contradictions, requestedPython } from "./pins.ts";
import { pipInstall } from "./pip.ts";
import { gitFor, type ProjectInput, planProject } from "./plan-project.ts";
import {
  findManifest,
  isOnlyAlone,
  leftAlone,
  MANIFESTS,
  type Manifest,
  refuseConda,
} from "./project.ts";
import { findRequirements, missingFiles, namesRepository } from "./requirements.ts";
import { planRunning } from "./running.ts";
import { pythonRuntime } from "./runtime.ts";
import { planScript } from "./script.ts";

/**
 * What a lock pins is installed as it is, and nothing else; what only a manifest declares is
 * resolved by pip, together with requirements.txt. Projects of the app's own folder then become
 * wheels, and are installed beside it.
 */
export const python: Language = {
  name: "python",
  scripts: { "build_wheel.py": buildWheel },
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

function planManifest({ file, kind }: Manifest, input: ProjectInput): LanguagePlan {
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
