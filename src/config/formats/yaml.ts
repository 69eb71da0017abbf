/** YAML: values by confbox, positions by yaml. */
import { parseYAML } from "confbox/yaml";
import type { Position } from "../../lib/errors.ts";
import { mapYaml } from "../source-map/yaml.ts";
import { type FormatParser, firstLine } from "./parser.ts";

export const parseYamlText: FormatParser = (text, fail) => {
  try {
    return { value: parseYAML(text), map: () => mapYaml(text) };
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw fail(`not valid YAML: ${reasonOf(cause)}`, positionOf(cause));
  }
};

// --- internal ---

function reasonOf(cause: unknown): string {
  const { reason } = (cause ?? {}) as { reason?: unknown };
  return typeof reason === "string" ? reason : firstLine(cause);
}

/** Both count from 0. */
function positionOf(cause: unknown): Position {
  const { mark } = (cause ?? {}) as { mark?: { line?: number; column?: number } };
  return { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 };
}
