/** Pure: which file says what a Python app needs. */
import { NuaError } from "../../lib/errors.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { PYPROJECT } from "./manifests/pyproject.ts";
import { findScript } from "./manifests/script-metadata.ts";
import { isSetupCfg, SETUP_CFG, SETUP_PY } from "./manifests/setup-files.ts";
import { PIPFILE } from "./package-managers/pipfile.ts";
import { PIPFILE_LOCK } from "./package-managers/pipfile-lock.ts";
import { PYLOCK } from "./package-managers/pylock.ts";
import { findRequirements } from "./requirements.ts";
import { MAIN_FILES } from "./start/main-file.ts";

export interface Manifest {
  file: string;
  /** `plain`: a program that needs nothing but Python. */
  kind: "project" | "requirements" | "script" | "conda" | "plain";
}

/**
 * The first that there is: a project, a lock alone, requirements, a script that says what it needs,
 * a program with one of the usual names.
 * No file is parsed for it: that a folder is of Python is told of broken ones, too.
 */
export function findManifest(tree: SourceTree): Manifest | null {
  const project = PROJECT_FILES.find(({ name, isOne }) => {
    const text = tree.text(name);
    return text !== undefined && isOne(text);
  });
  if (project !== undefined) return { file: project.name, kind: "project" };
  const requirements = findRequirements(tree);
  if (requirements !== null) return { file: requirements, kind: "requirements" };
  const script = findScript(tree);
  if (script !== null) return { file: script, kind: "script" };
  const conda = findConda(tree);
  if (conda !== undefined) return { file: conda, kind: "conda" };
  const main = MAIN_FILES.find((name) => tree.text(name) !== undefined);
  return main === undefined ? null : { file: main, kind: "plain" };
}

/** Whether it is nothing beside another language: too many have a script. */
export function isOnlyAlone({ kind }: Manifest): boolean {
  return kind !== "project" && kind !== "requirements";
}

/** Other files that say what is needed, and that nothing reads, in words. */
export function leftAlone(tree: SourceTree, { file, kind }: Manifest): string[] {
  const conda = kind === "conda" ? undefined : findConda(tree);
  const isProject = kind === "project" && file !== PIPFILE && !tree.has(PIPFILE_LOCK);
  return [conda, isProject && tree.has(PIPFILE) ? PIPFILE : undefined]
    .filter((other) => other !== undefined)
    .map((other) => `${other} is left alone: ${file} says what is installed`);
}

/** @throws NuaError always: nothing here installs conda's packages */
export function refuseConda(file: string): never {
  const reason = "its packages are conda's, from channels of its own, and not of a package index";
  throw new NuaError("input", `Read "${file}": conda environments are not built: ${reason}`, {
    file,
    hint: "write what the app needs as requirements.txt or pyproject.toml, and Debian packages into run.packages",
  });
}

/** As a person is told them. */
export const MANIFESTS: readonly string[] = [
  ...["pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile", "pylock.toml"],
  "a script with inline metadata",
];

// --- internal ---

/** Without the bracket that closes it: what is broken there is told by who reads it. */
const PROJECT_TABLE =
  /^[ \t]*\[\s*(project|build-system|tool\.poetry|tool\.uv\.workspace)\s*(\]|$)/m;

/** Tools keep their settings in some of them, too. */
const PROJECT_FILES: readonly { name: string; isOne(text: string): boolean }[] = [
  { name: PYPROJECT, isOne: (text) => PROJECT_TABLE.test(text) },
  { name: SETUP_PY, isOne: () => true },
  { name: SETUP_CFG, isOne: isSetupCfg },
  { name: PIPFILE, isOne: () => true },
  { name: PIPFILE_LOCK, isOne: () => true },
  { name: PYLOCK, isOne: () => true },
];

const CONDA = ["environment.yml", "environment.yaml", "conda.yml", "conda.yaml"];

function findConda(tree: SourceTree): string | undefined {
  return CONDA.find((name) => /^[ \t]*dependencies\s*:/m.test(tree.text(name) ?? ""));
}
