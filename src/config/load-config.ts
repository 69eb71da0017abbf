/** From a path to a checked, normalized configuration. */
import { relative } from "node:path";
import { NuaError, type Position } from "../shared/errors.ts";
import { readAppFile } from "../staging/app-file.ts";
import { checkConfig } from "./check-config.ts";
import { type ConfigLocation, discoverConfig } from "./discover.ts";
import { FORMAT_PARSERS } from "./formats/parser.ts";
import type { ConfigProblem } from "./problems.ts";
import type { FormattedFields } from "./rendered.ts";
import type { AppConfig } from "./schema.ts";
import type { Path } from "./source-map.ts";

export interface LoadedConfig {
  /** The app's folder, absolute. */
  root: string;
  /** The configuration, absolute. */
  file: string;
  text: string;
  /** As it is stored in the image. */
  config: AppConfig;
  /** What braces and templates see. */
  rendered: Record<string, unknown>;
  /** The values of the fields in which braces are formatted. */
  fields: FormattedFields;
  warnings: ConfigProblem[];
  /** The place of a key, spelled with hyphens; of the nearest one above it, if it is not there. */
  locate(path: Path, part?: "key" | "value"): Position;
}

/**
 * @param path the app's folder or its configuration
 * @throws NuaError (input) when there is no such path
 * @throws ConfigError with every error of the configuration; with `strict`, unknown keys too
 */
export async function loadConfig(
  path: string,
  options: { strict: boolean },
): Promise<LoadedConfig> {
  const location = discoverConfig(path);
  const text = readConfigFile(location);
  const parse = await FORMAT_PARSERS[location.format]();
  return checkConfig({ ...location, text, parse }, options);
}

// --- internal ---

/** An app brings it: it lies in the app's folder, and is a file. */
function readConfigFile({ root, file }: ConfigLocation): string {
  const text = readAppFile(root, relative(root, file));
  if (text !== undefined) return text.replace(/^\uFEFF/, "");
  throw new NuaError("input", `Read config "${file}": it is no file`, { file });
}
