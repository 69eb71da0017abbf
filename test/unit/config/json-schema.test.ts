/** The JSON Schema takes what check takes, and refuses what it refuses, as another tool sees it. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parseTOML, parseYAML } from "confbox";
import { jsonSchema } from "../../../src/config/json-schema.ts";

const TEST = join(import.meta.dir, "../..");
const CORPUS = process.env.NUA_CORPUS ?? join(TEST, "../../shared/corpus");
const validate = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(
  jsonSchema(),
);

function read(file: string): unknown {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) return JSON.parse(text);
  return file.endsWith(".toml") ? parseTOML(text) : parseYAML(text);
}

const folders = [join(TEST, "fixtures/apps"), join(TEST, "../examples"), CORPUS];
const valid = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /(^|\/)nua-config\.(toml|json|ya?ml)$/.test(name))
      .map((name) => join(folder, name)),
  );

test.each(valid)("%s is valid", (file) => {
  validate(read(file));
  expect(validate.errors ?? []).toEqual([]);
});

const BROKEN = join(TEST, "fixtures/broken-configs");
const STRUCTURAL = /^(missing-item|several|unknown|wrong)/;
const broken = readdirSync(BROKEN).filter((name) => STRUCTURAL.test(name));

test.each(broken)("%s is not valid", (name) => {
  expect(validate(read(join(BROKEN, name)))).toBe(false);
});

test.each(["missing.toml", "missing.json"])("%s is: the app's folder says it", (name) => {
  validate(read(join(BROKEN, name)));
  expect(validate.errors ?? []).toEqual([]);
});

interface Node {
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  additionalProperties?: Node | boolean;
}

/** The names of keys without a description, at any depth. */
function undescribed(node: Node, path = ""): string[] {
  const { properties = {}, items, anyOf = [], additionalProperties: others } = node;
  return [
    ...Object.entries(properties).flatMap(([key, child]) => [
      ...(child.description ? [] : [`${path}.${key}`]),
      ...undescribed(child, `${path}.${key}`),
    ]),
    ...[items, ...anyOf, typeof others === "object" ? others : undefined].flatMap((child) =>
      child === undefined ? [] : undescribed(child, path),
    ),
  ];
}

describe("every key", () => {
  test("has a description", () => {
    expect(undescribed(jsonSchema() as Node)).toEqual([]);
  });

  test("may be written with underscores, and misplaced ones are deprecated", () => {
    const metadata = { id: "a", version: 1, title: "A", author: "B" };
    expect(validate({ metadata, build: { src_url: "x", "src-checksum": "y" } })).toBe(true);
    expect(validate({ metadata: { ...metadata, license: "MIT" } })).toBe(true);
    expect(JSON.stringify(jsonSchema())).toContain('"deprecated":true');
  });
});
