/** Checks that the files exist that a configuration names. */
import { lstatSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { ConfigError, type ConfigProblem, formatPath } from "../config/problems.ts";
import { namedFiles } from "../plan/named-files.ts";
import { resolveInApp } from "../source/app-file.ts";

/** @throws ConfigError for those that are not there, or lie elsewhere */
export function ensureNamedFiles(loaded: LoadedConfig): void {
  const problems = findMissingFiles(loaded);
  if (problems.length > 0) throw new ConfigError(problems, loaded);
}

// --- internal ---

function isEntry(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A file where there is to be a folder, links in a circle, a name that no file can have.
    return false;
  }
}

/** Whether links on a path of the app's lead elsewhere, or nowhere. */
function leadsOut(root: string, path: string): boolean {
  try {
    return resolveInApp(root, path || ".") === undefined;
  } catch {
    return true;
  }
}

function findMissingFiles({ root, config, fields, locate }: LoadedConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { key, file } of namedFiles(config, fields)) {
    const inside = relative(root, resolve(root, file));
    const isOutside = isAbsolute(file) || inside.startsWith("..");
    // The archive of a source may be anywhere on this machine.
    const mayBeOutside = key[1] === "src-url";
    // A link that build.manifest names is taken as one; what leads to it is another matter.
    const way = key[1] === "manifest" ? dirname(inside) : inside;
    const isThere = isEntry(resolve(root, file));
    if (isThere && (mayBeOutside || !(isOutside || leadsOut(root, way)))) continue;
    const reason = isThere ? "it does not lie below the app's folder" : "there is no such file";
    const message = `${formatPath(key)}: "${file}": ${reason}`;
    const hint = `looked for below ${root}`;
    problems.push({ severity: "error", message, position: locate(key, "value"), hint });
  }
  return problems;
}
