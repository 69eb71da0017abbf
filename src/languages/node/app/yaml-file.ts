/** Files of YAML that managers read, parsed. Pure. */
import { parseYAML } from "confbox/yaml";
import { NuaError, type Position } from "../../../lib/errors.ts";
import { oncePer } from "../../../lib/once-per.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";
import { recordOf } from "./manifest.ts";

/**
 * What a file of settings says; empty where there is none.
 * @throws NuaError (input) for one that is no YAML
 */
export const readYaml = oncePer((tree: SourceTree, file: string): Record<string, unknown> => {
  const text = tree.text(file);
  if (text === undefined) return {};
  try {
    return recordOf(parseYAML(text));
  } catch (cause) {
    rejectConflict(file, text);
    const { message, position } = yamlProblem(cause as Error);
    throw new NuaError("input", `Read "${file}": ${message}`, { file, position, cause });
  }
});

/** What its parser has to say, and where. */
export function yamlProblem(cause: Error): { message: string; position: Position | undefined } {
  const { line, column } = (cause as { mark?: { line: number; column: number } }).mark ?? {};
  return {
    message: `not valid YAML: ${cause.message.split("\n")[0]?.replace(/ \(\d+:\d+\)$/, "")}`,
    position: line === undefined ? undefined : { line: line + 1, column: (column ?? 0) + 1 },
  };
}
