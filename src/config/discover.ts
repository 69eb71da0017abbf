/** Finds the nua-config file and the app's folder. */
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { NuaError } from "../lib/errors.ts";

export type ConfigFormat = "toml" | "json" | "yaml";

export interface ConfigLocation {
  /** The app's folder, absolute. */
  root: string;
  /** The configuration, absolute. */
  file: string;
  format: ConfigFormat;
  /** Configurations in other folders that are not used. */
  ignored: string[];
}

/** An app's folder without a configuration. */
export interface BareFolder {
  root: string;
  file: null;
}

const CONFIG_FORMATS: Readonly<Record<string, ConfigFormat>> = {
  "nua-config.json": "json",
  "nua-config.toml": "toml",
  "nua-config.yaml": "yaml",
  "nua-config.yml": "yaml",
};

/** Where a configuration may stand, best first. */
const CONFIG_FOLDERS = [".", "nua", "nua/metadata"] as const;

/** A folder called nua that holds one of these is a project of that name. */
const PROJECT_NAMES: ReadonlySet<string> = new Set([
  ...["nua", "src", "requirements.txt", "pyproject.toml", "setup.py", "setup.cfg"],
  ...["package.json", "Gemfile", ".git"],
]);

/**
 * @param path the app's folder, its folder nua, or the configuration itself
 * @throws NuaError (input) when there is no such path, (config) for an empty folder, where two
 *   formats of a configuration stand side by side, or it is a link that leaves the app's folder
 */
export function discoverConfig(path: string): ConfigLocation | BareFolder {
  const absolute = resolve(path);
  const info = statSync(absolute, { throwIfNoEntry: false });
  if (!info) {
    throw new NuaError("input", `Find config at "${path}": there is no such file or folder`, {
      hint: "give the app's folder, or its nua-config file",
    });
  }
  if (info.isDirectory()) return discoverInFolder(absolute);
  // A file that is named is the one that is used, whatever stands beside it.
  const format = CONFIG_FORMATS[basename(absolute)] ?? formatOfEnding(absolute);
  return { root: rootOf(dirname(absolute)), file: absolute, format, ignored: [] };
}

// --- internal ---

function discoverInFolder(folder: string): ConfigLocation | BareFolder {
  const root = rootOf(folder);
  const found: string[] = [];
  for (const name of CONFIG_FOLDERS) {
    const names = namesIn(join(root, name));
    const configs = Object.keys(CONFIG_FORMATS).filter((config) => names.has(config));
    if (found.length === 0 && configs.length > 1) throw ambiguous(join(root, name), configs);
    found.push(...configs.map((config) => join(root, name, config)));
  }
  const [file, ...ignored] = found;
  if (file === undefined) {
    if (namesIn(root).size === 0) throw empty(root);
    return { root, file: null };
  }
  if (leavesFolder(file, root)) throw outside(file);
  return { root, file, format: CONFIG_FORMATS[basename(file)]!, ignored };
}

/** A link that the app brings could lead to any file here, which errors would then show. */
function leavesFolder(file: string, root: string): boolean {
  if (!existsSync(file)) return false;
  const inside = relative(realpathSync(root), realpathSync(file));
  return isAbsolute(inside) || /^\.\.(\/|$)/.test(inside);
}

function outside(file: string): NuaError {
  const reason = "it is a link to a file outside of the app's folder";
  return new NuaError("config", `Read config "${file}": ${reason}`, {
    file,
    hint: "name the file itself on the command line, or copy it into the folder",
  });
}

/** The app's folder for a folder that may be its `nua` or `nua/metadata`. */
function rootOf(folder: string): string {
  if (basename(folder) === "metadata" && basename(dirname(folder)) === "nua") {
    return dirname(dirname(folder));
  }
  if (basename(folder) !== "nua") return folder;
  const isProject = [...namesIn(folder)].some((name) => PROJECT_NAMES.has(name));
  const parent = namesIn(dirname(folder));
  const parentHasConfig = Object.keys(CONFIG_FORMATS).some((name) => parent.has(name));
  return isProject && !parentHasConfig ? folder : dirname(folder);
}

function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}

function formatOfEnding(file: string): ConfigFormat {
  const ending = /\.(json|toml|ya?ml)$/.exec(file)?.[1];
  if (ending === "json" || ending === "toml") return ending;
  if (ending !== undefined) return "yaml";
  throw new NuaError("config", `Read config "${file}": its format is not known`, {
    file,
    hint: "end its name with .toml, .json, .yaml or .yml",
  });
}

function ambiguous(folder: string, names: readonly string[]): NuaError {
  return new NuaError("config", `Find config in "${folder}": there are ${names.join(" and ")}`, {
    file: join(folder, names[0]!),
    hint: "keep one of them, or name the one that is meant",
  });
}

function empty(root: string): NuaError {
  return new NuaError("config", `Find app in "${root}": the folder is empty`, {
    hint: "give the folder of an app: one with a package.json, pyproject.toml, index.html, … or a nua-config",
  });
}
