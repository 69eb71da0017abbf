/** The parsers of nua-config by format, as a table. */
import type { ConfigFormat } from "../discover.ts";
import type { FormatParser } from "./parser.ts";

/** Loaded when it is wanted: most configurations are written in one of three formats. */
export const FORMAT_PARSERS: Readonly<Record<ConfigFormat, () => Promise<FormatParser>>> = {
  toml: async () => (await import("./toml.ts")).parseTomlText,
  yaml: async () => (await import("./yaml.ts")).parseYamlText,
  json: async () => (await import("./json.ts")).parseJsonText,
};
