/** Formats a configuration as TOML, JSON or YAML. */
import { stringifyTOML } from "confbox/toml";
import { stringifyYAML } from "confbox/yaml";
import { NuaError } from "../lib/errors.ts";
import type { AppConfig } from "./schema.ts";

/**
 * @param format json, toml or yaml
 * @throws NuaError (usage) for another format
 */
export function formatConfig(config: AppConfig, format: string): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(config, null, 4)}\n`;
    case "toml":
      return stringifyTOML(withoutNulls(config) as Record<string, unknown>);
    case "yaml":
      return stringifyYAML(config);
    default:
      throw new NuaError(
        "usage",
        `Print the configuration as "${format}": there is no such format`,
        {
          hint: "use json, toml or yaml",
        },
      );
  }
}

// --- internal ---

/** TOML knows no null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}
