/** Python: projects, and requirements files without one. */
import { AGENT_SCRIPTS, DEBIAN_PYTHON_PACKAGES, PYTHON, SCRATCH } from "../../protocol/layout.ts";
import { plannedPackages, plannedRun } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Language } from "../language.ts";
import { pythonRule } from "./dependencies.ts";
import { describe } from "./describe.ts";
import { isOfApp } from "./of-app.ts";
import { pipInstall } from "./pip.ts";
import { planRunning } from "./running.ts";
import { pythonRuntime } from "./runtime.ts";
import { scmVersion } from "./scm-version.ts";

/**
 * A project becomes a wheel first, and one installation then resolves its dependencies together
 * with requirements.txt. Requirements without a project are installed as they are. In a layer of
 * their own, dependencies are those that the manifest declares.
 */
export const python: Language = {
  name: "python",
  installsPython: true,
  dependencies: pythonRule,
  runtime: pythonRuntime,
  isOfApp,
  describe,
  detect: (tree) => findProject(tree) ?? (tree.has(REQUIREMENTS) ? REQUIREMENTS : null),
  plan(tree, options) {
    const { source, version, place } = options;
    const { build: finish, buildPackages, ...running } = planRunning(tree, options);
    const requirements = tree.has(REQUIREMENTS) ? ["--requirement", REQUIREMENTS] : [];
    const project = findProject(tree);
    const from = { what: project ?? REQUIREMENTS };
    const packages = [
      ...plannedPackages(asksForGit(tree) ? ["git"] : [], "build", { from: [from] }),
      ...buildPackages.flatMap((one) => plannedPackages(one.names, "build", { from: [one.from] })),
    ];
    const install = (args: readonly string[]) => pipInstall(args, { cwd: source, from });
    if (project === null) {
      return { ...running, packages, install: [install(requirements)], build: [...finish] };
    }
    const isLocked = LOCKS.some((name) => tree.has(name));
    const constrained = isLocked
      ? [...requirements, "--constraint", `${SCRATCH}/constraints.txt`]
      : requirements;
    const nua = { user: "nua", cwd: source, from } as const;
    const read = plannedRun([PYTHON, READ_PROJECT, SCRATCH, DEBIAN_PYTHON_PACKAGES], nua);
    const declared = ["--requirement", `${SCRATCH}/requirements.txt`];
    const words = [PYTHON, BUILD_WHEEL, WHEELS, DEBIAN_PYTHON_PACKAGES, "-m", "pip"];
    return {
      ...running,
      packages,
      install: place === "here" ? [] : [read, install([...constrained, ...declared])],
      build: [
        ...(isLocked ? [read] : []),
        plannedRun(words, { ...nua, env: scmVersion(tree, version) }),
        { ...install([...constrained, `${WHEELS}/*.whl`]), glob: "beside others" },
        ...finish,
      ],
    };
  },
};

// --- internal ---

const REQUIREMENTS = "requirements.txt";

/** Files that make a folder a project, and what they then hold: tools keep settings there too. */
const PROJECT_FILES: readonly { name: string; pattern: RegExp }[] = [
  { name: "pyproject.toml", pattern: /^\s*\[\s*(project|build-system|tool\.poetry)\s*\]/m },
  { name: "setup.py", pattern: /^/ },
  { name: "setup.cfg", pattern: /^\[(metadata|options)\]/m },
];

/** Lock files whose versions hold: tables `package`, each with `name` and `version`. */
const LOCKS = ["poetry.lock", "uv.lock", "pdm.lock"];

/** Writes constraints.txt and requirements.txt. */
const READ_PROJECT = `${AGENT_SCRIPTS}/read_project.py`;
const BUILD_WHEEL = `${AGENT_SCRIPTS}/build_wheel.py`;
const WHEELS = `${SCRATCH}/wheels`;

function findProject(tree: SourceTree): string | null {
  const found = PROJECT_FILES.find(({ name, pattern }) => {
    const text = tree.text(name);
    return text !== undefined && pattern.test(text);
  });
  return found?.name ?? null;
}

function asksForGit(tree: SourceTree): boolean {
  const files = [REQUIREMENTS, ...PROJECT_FILES.map(({ name }) => name)];
  return files.some((name) => tree.text(name)?.includes("git+"));
}
