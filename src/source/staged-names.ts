/** Pure: names that are never taken of an app's folder, or reserved in the build context. */
import {
  AGENT_INPUT_FILE,
  INPUTS_NAME,
  LAYERS_FOLDER,
  NORMALIZED_CONFIG_FILE,
  SOURCE_ARCHIVE,
} from "../protocol/agent-input.ts";

/** Never taken, at any depth: history, or caches that are made again. */
const SKIPPED_NAMES: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  ".tox",
  ".nox",
  "__pycache__",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
]);

/** What nua-build writes at the top of a context itself. */
export const GENERATED_NAMES: ReadonlySet<string> = new Set([
  AGENT_INPUT_FILE,
  NORMALIZED_CONFIG_FILE,
  "Dockerfile",
  ".dockerignore",
  // BuildKit reads it in place of .dockerignore.
  "Dockerfile.dockerignore",
  SOURCE_ARCHIVE,
  INPUTS_NAME,
  LAYERS_FOLDER,
]);

const CONFIG_NAME = /^nua-config\.(json|toml|ya?ml)$/;

/** Whether an entry at the top of the app's folder goes to the top of the context. */
export function isStagedAtTop(name: string): boolean {
  if (name === "nua" || CONFIG_NAME.test(name) || GENERATED_NAMES.has(name)) return false;
  return isStagedBelow(name);
}

/** Whether an entry of the folder `nua` goes to the context's `nua`. */
export function isStagedInNua(name: string): boolean {
  return !CONFIG_NAME.test(name) && isStagedBelow(name);
}

/** Whether an entry of any deeper folder is taken with its folder. */
export function isStagedBelow(name: string): boolean {
  return !SKIPPED_NAMES.has(name) && !/\.py[co]$/.test(name);
}

/**
 * The permissions that a file of an app has in images and bundles: whether it is a program is all
 * that git records, and the rest is the umask of whoever checked it out.
 */
export function plainMode(mode: number): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}
