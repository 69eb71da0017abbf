/** The fixture apps, which are built and run, together use every key of the schema. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJSON, parseTOML, parseYAML } from "confbox";
import { discoverConfig } from "../../../src/config/discover.ts";
import { jsonSchema } from "../../../src/config/json-schema.ts";
import { normalizeSpelling } from "../../../src/config/spelling.ts";

const APPS = join(import.meta.dir, "../../fixtures/apps");

interface Node {
  deprecated?: boolean;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  additionalProperties?: Node | boolean;
}

/** `build.packages`, `volume[].name`, `port.*.container` */
function keysOfSchema(node: Node, path: string): string[] {
  const { properties = {}, items, anyOf = [], additionalProperties: others } = node;
  return [
    ...Object.entries(properties)
      .filter(([key, child]) => !key.includes("_") && !child.deprecated)
      .flatMap(([key, child]) => [`${path}.${key}`, ...keysOfSchema(child, `${path}.${key}`)]),
    ...(items ? keysOfSchema(items, `${path}[]`) : []),
    ...anyOf.flatMap((child) => keysOfSchema(child, path)),
    ...(typeof others === "object" ? keysOfSchema(others, `${path}.*`) : []),
  ];
}

function keysOfValue(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOfValue(item, `${path}[]`));
  if (value === null || typeof value !== "object") return [];
  const isNamed = path.endsWith(".port");
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = `${path}.${isNamed ? "*" : key}`;
    return [inner, ...keysOfValue(item, inner)];
  });
}

async function readConfig(app: string): Promise<Record<string, unknown>> {
  const { file } = discoverConfig(join(APPS, app));
  if (file === null) return {};
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".toml")) return parseTOML(text);
  return file.endsWith(".json") ? parseJSON(text) : parseYAML(text);
}

test("every key of the schema is used by a fixture app", async () => {
  const configs = await Promise.all(readdirSync(APPS).map(readConfig));
  const used = new Set(
    configs.flatMap((config) => keysOfValue(normalizeSpelling(config).value, "")),
  );
  const known = keysOfSchema(jsonSchema() as Node, "");
  // What a provider shares with the app is used there as often as not.
  const missing = known.filter(
    (key) => !used.has(key) && !used.has(key.replace(/^\.provider\[\]/, "")),
  );
  expect(known.length).toBeGreaterThan(80);
  expect(missing).toEqual([]);
});
