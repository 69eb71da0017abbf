/** JSON: the parser that finds places finds all mistakes as well. */
import { parseJSON } from "confbox/json";
import { mapJson } from "../source-map/json.ts";
import { positionAt } from "../source-map.ts";
import type { FormatParser } from "./parser.ts";

export const parseJsonText: FormatParser = (text, fail) => {
  const { map, syntaxErrors, problems } = mapJson(text);
  const error = syntaxErrors[0];
  if (error) throw fail(`not valid JSON: ${error.message}`, positionAt(text, error.offset));
  return { value: parseJSON(text), map, problems };
};
