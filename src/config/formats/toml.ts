/** TOML: values by confbox; positions by toml-eslint-parser, on demand. */
import { parseTOML } from "confbox/toml";
import { tomlProblem } from "../../lib/toml-problem.ts";
import { mapToml } from "../source-map/toml.ts";
import type { FormatParser } from "./parser.ts";

export const parseTomlText: FormatParser = (text, fail) => {
  try {
    // A line break within a text is one, whatever the file's are: TOML leaves that to its parsers.
    const value = parseTOML(text.replaceAll("\r\n", "\n"));
    return { value, map: () => ({ map: mapToml(text), problems: [] }) };
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const { reason, position } = tomlProblem(cause);
    throw fail(`not valid TOML: ${reason}`, position);
  }
};
