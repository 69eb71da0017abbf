/** JSON: values, positions and syntax errors by jsonc-parser. */
import { parseJSON } from "confbox/json";
import { mapJson } from "../source-map/json.ts";
import { positionAt } from "../source-map.ts";
import { type FormatParser, firstLine } from "./parser.ts";

export const parseJsonText: FormatParser = (text, fail) => {
  try {
    const value = parseJSON(text);
    return { value, map: () => mapJson(text) };
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const { syntaxErrors } = mapJson(text);
    const { message, offset } = syntaxErrors[0] ?? { message: firstLine(cause), offset: 0 };
    throw fail(`not valid JSON: ${message}`, positionAt(text, offset));
  }
};
