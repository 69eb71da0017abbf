import type { Facts } from "../action.ts";
import { type Command, run } from "../command.ts";
import type { Detector } from "../detector.ts";
import { DEBIAN_PYTHON_PACKAGES, PYTHON } from "../layout.ts";
import { pipInstall } from "../pip.ts";
import buildWheelScript from "../python/build_wheel.py" with { type: "text" };

const REQUIREMENTS = "requirements.txt";

/** Files that make a folder a project, and what they then hold: tools keep settings there too. */
const PROJECT_FILES: readonly { name: string; pattern: RegExp }[] = [
  { name: "pyproject.toml", pattern: /^\s*\[\s*(project|build-system|tool\.poetry)\s*\]/m },
  { name: "setup.py", pattern: /^/ },
  { name: "setup.cfg", pattern: /^\[(metadata|options)\]/m },
];

/**
 * A project becomes a wheel first, and one installation then resolves its dependencies together
 * with requirements.txt. Requirements without a project are installed as they are.
 */
export const pythonDetector: Detector = {
  name: "python",
  detect: (facts) => findProject(facts) ?? (hasRequirements(facts) ? REQUIREMENTS : null),
  packages: (facts) => (asksForGit(facts) ? ["git"] : []),
  commands(facts) {
    const requirements = hasRequirements(facts) ? ["--requirement", REQUIREMENTS] : [];
    const project = findProject(facts);
    if (project === null) return [install(facts, requirements, REQUIREMENTS)];
    const script = `${facts.scratch}/build_wheel.py`;
    const wheels = `${facts.scratch}/wheels`;
    return [
      { kind: "write", path: script, text: buildWheelScript, mode: 0o644 },
      run([PYTHON, script, wheels, DEBIAN_PYTHON_PACKAGES], {
        ...{ user: "nua", cwd: facts.source, from: project },
      }),
      {
        kind: "derive",
        query: run(["find", wheels, "-name", "*.whl"]),
        next: (stdout) => [install(facts, [...requirements, ...lines(stdout)], project)],
      },
    ];
  },
};

// --- internal ---

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

function asksForGit({ tree, source }: Facts): boolean {
  const files = [REQUIREMENTS, ...PROJECT_FILES.map(({ name }) => name)];
  return files.some((name) => tree.read(`${source}/${name}`)?.includes("git+"));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
