/** Pure: which files of an app's folder belong in the build context. */
import {
  AGENT_INPUT_FILE,
  GIT_SOURCE,
  INPUTS_NAME,
  LAYERS_FOLDER,
  NORMALIZED_CONFIG_FILE,
  SOURCE_ARCHIVE,
} from "../shared/agent-input.ts";

/** Never copied, at any depth: made again by the build, or history. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  ".tox",
  ".nox",
  ".venv",
  "__pycache__",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  "node_modules",
]);

/** A folder that holds this file is a Python virtual environment, whatever its name. */
export const VENV_MARKER = "pyvenv.cfg";

/**
 * Names with a leading dot at the top of the folder are left out unless a build reads them:
 * what remains may be private (.env, .ssh, .netrc).
 */
const KEPT_DOT_NAMES: readonly RegExp[] = [
  // .npmrc, .yarnrc.yml, .babelrc.json, .browserslistrc, …; not a shell's or netrc's
  /^\.(?!bash|zsh|ksh|net|vim|input|screen|env|curl|wget)[a-z-]+rc(\.(c?js|mjs|ts|json|ya?ml|toml))?$/,
  // .python-version, .node-version, .ruby-version
  /^\.[a-z]+-version$/,
  /^\.(yarn|pnp\.cjs|pnp\.loader\.mjs|tool-versions|bundle|mvn|flaskenv|gitmodules|htaccess)$/,
  /^\.(well-known|dockerignore|coveragerc|editorconfig|gitattributes|terserrc|postcssrc)$/,
];

/** What nua-build writes at the top of a context itself. */
export const GENERATED_NAMES: ReadonlySet<string> = new Set([
  AGENT_INPUT_FILE,
  NORMALIZED_CONFIG_FILE,
  "Dockerfile",
  ".dockerignore",
  SOURCE_ARCHIVE,
  GIT_SOURCE,
  INPUTS_NAME,
  LAYERS_FOLDER,
]);

const CONFIG_NAME = /^nua-config\.(json|toml|ya?ml)$/;

/** Whether an entry at the top of the app's folder goes to the top of the context. */
export function isStagedAtTop(name: string): boolean {
  if (name === "nua" || CONFIG_NAME.test(name) || GENERATED_NAMES.has(name)) return false;
  if (name.startsWith(".") && !KEPT_DOT_NAMES.some((pattern) => pattern.test(name))) return false;
  return isStagedBelow(name);
}

/** Whether an entry of the folder `nua` goes to the context's `nua`. */
export function isStagedInNua(name: string): boolean {
  return !name.startsWith(".") && !CONFIG_NAME.test(name) && isStagedBelow(name);
}

/** Whether an entry of any deeper folder is copied with its folder. */
export function isStagedBelow(name: string): boolean {
  return !SKIPPED_FOLDERS.has(name) && !/\.py[co]$/.test(name);
}

/**
 * The context's .dockerignore: the user's, and after it what the build cannot do without
 * (the last matching line wins).
 */
export function dockerignoreText(users: string): string {
  // Patterns are matched against each path: of 100,000 files that takes seconds.
  if (users.trim() === "") return "";
  const needed = [...GENERATED_NAMES, "nua", "nua/**"]
    .map((name) => `!${name}\n`)
    .concat([GIT_SOURCE, INPUTS_NAME, LAYERS_FOLDER].map((name) => `!${name}/**\n`));
  return `${users.trimEnd()}\n${needed.join("")}`;
}
