/** Configurations as texts, checked without a file. */
import { checkConfig } from "../../src/config/check-config.ts";
import type { ConfigFormat } from "../../src/config/discover.ts";
import { parseJsonText } from "../../src/config/formats/json.ts";
import { parseTomlText } from "../../src/config/formats/toml.ts";
import { parseYamlText } from "../../src/config/formats/yaml.ts";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";

/** The least that a configuration has to say. */
export const METADATA = '[metadata]\nid = "app"\nversion = "1.0"\ntitle = "App"\nauthor = "Me"\n';

const PARSERS = { toml: parseTomlText, yaml: parseYamlText, json: parseJsonText };

export function checkText(
  text: string,
  options: { format?: ConfigFormat; strict?: boolean } = {},
): LoadedConfig {
  const format = options.format ?? "toml";
  const parse = PARSERS[format];
  const source = { root: ".", file: `nua-config.${format}`, format, ignored: [], text, parse };
  return checkConfig(source, { strict: options.strict === true });
}
