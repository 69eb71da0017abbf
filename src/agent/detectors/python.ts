/** Requirements.txt, pyproject.toml, setup.py, setup.cfg. */

import { type Command, run } from "../../protocol/command.ts";
import { DEBIAN_PYTHON_PACKAGES, PYTHON } from "../../protocol/layout.ts";
import type { Facts } from "../action.ts";
import type { Detector } from "../detector.ts";
import { buildsApp, installsDependencies } from "../layer.ts";
import { pipInstall, pipProgram } from "../pip.ts";
import buildWheelScript from "../python/build_wheel.py" with { type: "text" };
import readProjectScript from "../python/read_project.py" with { type: "text" };

const REQUIREMENTS = "requirements.txt";

/** Files that make a folder a project, and what they then hold: tools keep settings there too. */
const PROJECT_FILES: readonly { name: string; pattern: RegExp }[] = [
  { name: "pyproject.toml", pattern: /^\s*\[\s*(project|build-system|tool\.poetry)\s*\]/m },
  { name: "setup.py", pattern: /^/ },
  { name: "setup.cfg", pattern: /^\[(metadata|options)\]/m },
];

/** Lock files whose versions hold: tables `package`, each with `name` and `version`. */
const LOCKS = ["poetry.lock", "uv.lock", "pdm.lock"];

/**
 * A project becomes a wheel first, and one installation then resolves its dependencies together
 * with requirements.txt. Requirements without a project are installed as they are. In a layer of
 * their own, dependencies are those that the manifest declares.
 */
export const pythonDetector: Detector = {
  name: "python",
  installsPython: true,
  detect: (facts) => findProject(facts) ?? (hasRequirements(facts) ? REQUIREMENTS : null),
  packages: (facts) => (asksForGit(facts) ? ["git"] : []),
  commands(facts) {
    const requirements = hasRequirements(facts) ? ["--requirement", REQUIREMENTS] : [];
    const project = findProject(facts);
    if (project === null) {
      return installsDependencies(facts.input) ? [install(facts, requirements, REQUIREMENTS)] : [];
    }
    const constraints = `${facts.scratch}/constraints.txt`;
    const constrained = hasLock(facts)
      ? [...requirements, "--constraint", constraints]
      : requirements;
    const read = hasLock(facts) || !buildsApp(facts.input) ? [readProject(facts, project)] : [];
    const declared = ["--requirement", `${facts.scratch}/requirements.txt`];
    const commands = buildsApp(facts.input)
      ? installWheel(facts, constrained, project)
      : [install(facts, [...constrained, ...declared], project)];
    return [...read.flat(), ...commands];
  },
};

// --- internal ---

/** Writes constraints.txt and requirements.txt to the scratch folder. */
function readProject(facts: Facts, project: string): Command[] {
  const script = `${facts.scratch}/read_project.py`;
  return [
    { kind: "write", path: script, text: readProjectScript, mode: 0o644 },
    run([PYTHON, script, facts.scratch, DEBIAN_PYTHON_PACKAGES], {
      ...{ user: "nua", cwd: facts.source, from: project },
    }),
  ];
}

/** @param args what is installed with it */
function installWheel(facts: Facts, args: readonly string[], project: string): Command[] {
  const script = `${facts.scratch}/build_wheel.py`;
  const wheels = `${facts.scratch}/wheels`;
  return [
    { kind: "write", path: script, text: buildWheelScript, mode: 0o644 },
    run([PYTHON, script, wheels, DEBIAN_PYTHON_PACKAGES, ...pipProgram(facts)], {
      ...{ user: "nua", cwd: facts.source, from: project },
    }),
    {
      kind: "derive",
      query: run(["find", wheels, "-name", "*.whl"]),
      next: (stdout) => [install(facts, [...args, ...lines(stdout)], project)],
    },
  ];
}

function install(facts: Facts, args: readonly string[], from: string): Command {
  return pipInstall(facts, args, { cwd: facts.source, from });
}

function hasRequirements({ tree, source }: Facts): boolean {
  return tree.exists(`${source}/${REQUIREMENTS}`);
}

function findProject({ tree, source }: Facts): string | null {
  const found = PROJECT_FILES.find(({ name, pattern }) => {
    const text = tree.read(`${source}/${name}`);
    return text !== undefined && pattern.test(text);
  });
  return found?.name ?? null;
}

function hasLock({ tree, source }: Facts): boolean {
  return LOCKS.some((name) => tree.exists(`${source}/${name}`));
}

function asksForGit({ tree, source }: Facts): boolean {
  const files = [REQUIREMENTS, ...PROJECT_FILES.map(({ name }) => name)];
  return files.some((name) => tree.read(`${source}/${name}`)?.includes("git+"));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
