/** The text of a configuration -> its values, and where each of them stands. */
import { parseJSON } from "confbox/json";
import { parseTOML } from "confbox/toml";
import { parseYAML } from "confbox/yaml";
import type { Position } from "../shared/errors.ts";
import type { ConfigFormat } from "./discover.ts";
import { ConfigError, type ConfigProblem } from "./problems.ts";
import { mapJson } from "./source-map/json.ts";
import { mapToml } from "./source-map/toml.ts";
import { mapYaml } from "./source-map/yaml.ts";
import { positionAt, type SourceMap } from "./source-map.ts";

export interface ParsedConfig {
  value: Record<string, unknown>;
  map: SourceMap;
  /** Keys that stand twice, or are no text. */
  problems: ConfigProblem[];
}

/** @throws ConfigError when the text is not of that format, or no table */
export function parseConfig(file: string, text: string, format: ConfigFormat): ParsedConfig {
  const fail = (message: string, position: Position) =>
    new ConfigError([{ severity: "error", message, position }], { file, text });
  const { value, map, problems } = PARSERS[format](text, fail);
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw fail("expected a table of sections, such as [metadata]", { line: 1, column: 1 });
  }
  return {
    value: plainCopy(value) as Record<string, unknown>,
    map,
    problems: problems.map(({ offset, message }) => ({
      severity: "error",
      message,
      position: positionAt(text, offset),
    })),
  };
}

// --- internal ---

type Fail = (message: string, position: Position) => ConfigError;

interface Parsed {
  value: unknown;
  map: SourceMap;
  problems: { offset: number; message: string }[];
}

const PARSERS: Readonly<Record<ConfigFormat, (text: string, fail: Fail) => Parsed>> = {
  toml(text, fail) {
    try {
      const value = parseTOML(text);
      return { value, map: mapToml(text), problems: [] };
    } catch (cause) {
      throw fail(`not valid TOML: ${firstLine(cause)}`, tomlPosition(cause));
    }
  },
  yaml(text, fail) {
    try {
      return { value: parseYAML(text), ...mapYaml(text) };
    } catch (cause) {
      throw fail(`not valid YAML: ${yamlReason(cause)}`, yamlPosition(cause));
    }
  },
  json(text, fail) {
    const { map, syntaxErrors, problems } = mapJson(text);
    const error = syntaxErrors[0];
    if (error) throw fail(`not valid JSON: ${error.message}`, positionAt(text, error.offset));
    return { value: parseJSON(text), map, problems };
  },
};

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "");
}

/** Of confbox's parser, or of the one that locates. */
function tomlPosition(cause: unknown): Position {
  const { line, lineNumber, column } = (cause ?? {}) as Record<string, unknown>;
  return { line: Number(line ?? lineNumber) || 1, column: Math.max(1, Number(column) || 1) };
}

function yamlReason(cause: unknown): string {
  const { reason } = (cause ?? {}) as { reason?: unknown };
  return typeof reason === "string" ? reason : firstLine(cause);
}

/** Both count from 0. */
function yamlPosition(cause: unknown): Position {
  const { mark } = (cause ?? {}) as { mark?: { line?: number; column?: number } };
  return { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 };
}

/** Plain objects and lists, dates as text: what the format's parser made is its own affair. */
function plainCopy(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plainCopy);
  if (value === null || typeof value !== "object") return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = plainCopy(inner);
  return copy;
}
