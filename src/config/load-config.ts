/** From a path to a checked, normalized configuration; without one, to what the folder says. */
import { basename, relative } from "node:path";
import { NuaError } from "../lib/errors.ts";
import { readTextFile, UnreadableError } from "../lib/read-text.ts";
import { resolveInApp } from "../source/app-file.ts";
import { folderTree } from "../source/folder-tree.ts";
import { checkConfig } from "./check-config.ts";
import { type DescribedApp, describeApp, describeMember } from "./describe-app.ts";
import { type ConfigLocation, discoverConfig } from "./discover.ts";
import { FORMAT_PARSERS } from "./formats/parsers.ts";
import { type ConfigLimits, DEFAULT_LIMITS } from "./limits.ts";
import type { LoadedConfig } from "./loaded-config.ts";

/**
 * @param path the app's folder or its configuration
 * @param options.app the member of a workspace, or the folder, that is the app, whatever it says
 * @throws NuaError (input) when there is no such path, (config) when its folder holds no app
 * @throws ConfigError with every error of the configuration; with `strict`, unknown keys too
 */
export async function loadConfig(
  path: string,
  options: { strict: boolean; limits?: ConfigLimits; app?: string | null },
): Promise<LoadedConfig> {
  const location = discoverConfig(path);
  const describe = (app: string | null) => describeFolder(location.root, options.app ?? app);
  if (location.file === null) return checkConfig({ ...location, describe }, options);
  // What is called otherwise may be anything: it has to say that it is one.
  const isOwn = basename(location.file).startsWith("nua-config.");
  const text = readConfigFile(location, options.limits ?? DEFAULT_LIMITS);
  const parse = await FORMAT_PARSERS[location.format]();
  return checkConfig({ ...location, text, parse, ...(isOwn && { describe }) }, options);
}

// --- internal ---

function describeFolder(root: string, app: string | null): DescribedApp {
  const tree = folderTree(root);
  const name = basename(root);
  return app === null ? describeApp(tree, name) : describeMember(tree, name, app);
}

/** An app brings it: it lies in the app's folder, and is a file. */
function readConfigFile({ root, file }: ConfigLocation, { bytes }: ConfigLimits): string {
  try {
    return readTextFile(resolveInApp(root, relative(root, file)) ?? file, bytes);
  } catch (cause) {
    if (cause instanceof NuaError) throw cause;
    const isOurs = cause instanceof UnreadableError;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new NuaError(isOurs ? "config" : "input", `Read config "${file}": ${detail}`, {
      file,
      ...(isOurs && detail.includes("more than")
        ? { hint: "shorten it, or allow more kilobytes with NUA_CONFIG_LIMIT" }
        : {}),
      cause,
    });
  }
}
