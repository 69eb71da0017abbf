/** The files nua-build.toml of the user and of the system. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import { closest } from "../lib/closest.ts";
import { NuaError } from "../lib/errors.ts";
import { readTextFile } from "../lib/read-text.ts";

/**
 * @param known the keys that there are; a dot leads into a table
 * @param onUnknown told what looks like a setting and is none
 * @returns values by keys, of each file that may be there; the first one wins
 * @throws NuaError (config) when a file cannot be read or has a wrong shape
 */
export function readSettingsFiles(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
  onUnknown: (warning: string) => void,
): Record<string, string>[] {
  return settingsFiles(env).map((file) => {
    const given = readSettingsFile(file, known);
    for (const warning of unknownKeys(file, { keys: Object.keys(given), known })) {
      onUnknown(warning);
    }
    return given;
  });
}

// --- internal ---

const leaf = v.union([v.string(), v.boolean(), v.number()]);
const fileSchema = v.record(v.string(), v.union([leaf, v.record(v.string(), leaf)]));

/**
 * The user's file, and those of the system: /etc's, unless a variable names other folders.
 * Source: XDG Base Directory Specification.
 */
function settingsFiles(env: Record<string, string | undefined>): string[] {
  const own = env.XDG_CONFIG_HOME || join(env.HOME || homeFolder(), ".config");
  const shared = (env.XDG_CONFIG_DIRS || "/etc").split(":").filter((folder) => folder !== "");
  return [own, ...shared].map((folder) => join(folder, "nua-build/nua-build.toml"));
}

/** Bytes that a settings file may have. */
const MAX_FILE = 256_000;

function unknownKeys(
  file: string,
  { keys, known }: { keys: readonly string[]; known: readonly string[] },
): string[] {
  return keys
    .filter((key) => !known.includes(key))
    .map((key) => {
      const guess = closest(key, known);
      const hint =
        guess === undefined ? `known are ${known.join(", ")}` : `did you mean "${guess}"?`;
      return `Settings "${file}": "${key}" is not a setting; ${hint}`;
    });
}

/** Nearly always the environment has it, and the module for it would be loaded for nothing. */
function homeFolder(): string {
  return process.getBuiltinModule("node:os").homedir();
}

function readSettingsFile(file: string, known: readonly string[]): Record<string, string> {
  if (!existsSync(file)) return {};
  try {
    const parsed = v.parse(fileSchema, parseTOML(readTextFile(file, MAX_FILE)));
    return Object.fromEntries(
      Object.entries(parsed).flatMap(([key, value]) =>
        typeof value !== "object"
          ? [[key, String(value)]]
          : Object.entries(value).map(([inner, leaf]) => [`${key}.${inner}`, String(leaf)]),
      ),
    );
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new NuaError("config", `Read settings "${file}": ${detail}`, {
      file,
      hint: `write it as TOML with the keys ${known.join(", ")}`,
      cause,
    });
  }
}
