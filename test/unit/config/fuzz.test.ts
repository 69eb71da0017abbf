/** Mutated configurations give a result or a located error, never anything else. */
import { test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJSON, parseTOML, parseYAML, stringifyTOML, stringifyYAML } from "confbox";
import type { ConfigFormat } from "../../../src/config/discover.ts";
import { ConfigError } from "../../../src/config/problems.ts";
import { checkText } from "../../helpers/config.ts";

const RUNS = Number(process.env.NUA_FUZZ_RUNS ?? 1500);
const YAML = `metadata: {id: app, version: 1.10, title: App, author: &me Me}
build:
  packages: [a, b]
  builder: {name: node, version: "20"}
env:
  A: *me
port:
  web: {container: 80}
`;

/** The configurations of every fixture app, each in every format. */
function readSeeds(): Record<ConfigFormat, string[]> {
  const folder = join(import.meta.dir, "../../fixtures/apps");
  const files = readdirSync(folder).flatMap((app) =>
    readdirSync(join(folder, app))
      .filter((name) => name.startsWith("nua-config."))
      .map((name) => join(folder, app, name)),
  );
  const configs = files.map((file) => {
    const text = readFileSync(file, "utf8");
    return file.endsWith(".toml")
      ? parseTOML(text)
      : file.endsWith(".json")
        ? parseJSON(text)
        : parseYAML(text);
  });
  return {
    toml: configs.map((config) => stringifyTOML(config as object)),
    json: configs.map((config) => JSON.stringify(config, null, 1)),
    yaml: [YAML, ...configs.map((config) => stringifyYAML(config))],
  };
}

const SEEDS = readSeeds();
const PIECES = [
  '"',
  "{",
  "}",
  "[",
  "]",
  "=",
  ":",
  "\n",
  ",",
  "null",
  "1e9",
  "-",
  "\t",
  "{x}",
  "𝒳",
  "__proto__",
];

/** A small generator with a seed, so that a failure can be repeated. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  };
}

function mutate(text: string, random: (limit: number) => number): string {
  let result = text;
  for (let count = 1 + random(4); count > 0; count -= 1) {
    const at = random(result.length + 1);
    const kind = random(3);
    const piece =
      kind === 0
        ? ""
        : kind === 1
          ? PIECES[random(PIECES.length)]!
          : result.slice(at, at + random(20));
    result = result.slice(0, at) + piece + result.slice(at + random(kind === 0 ? 12 : 3));
  }
  return result;
}

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e300, "", "x", "{", "{x}", "0", "true", "\u0000", "é𝒳"],
  ...[[], {}, [[]], [null], { a: null }, { name: "node" }, { key: "x" }, [{}], "nua-config"],
];

/** A copy with other values in some places, or with a key more or less. */
function mutateTree(value: unknown, random: (limit: number) => number): unknown {
  if (random(12) === 0) return VALUES[random(VALUES.length)];
  if (Array.isArray(value)) return value.map((item) => mutateTree(item, random));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .filter(() => random(15) > 0)
    .map(([key, item]) => [key, mutateTree(item, random)]);
  return Object.fromEntries(entries);
}

/** @throws an error that tells the text, for anything but a result or a located error */
function tryText(text: string, format: ConfigFormat, run: number): void {
  try {
    checkText(text, { format });
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw new Error(`run ${run}: ${(error as Error).stack}\nof:\n${text}`);
    }
    const lines = text.split("\n");
    for (const { position } of error.problems) {
      const { length } = lines[position.line - 1] ?? "";
      if (position.column < 1 || position.column > length + 1) {
        throw new Error(`run ${run}: no place ${JSON.stringify(position)} in\n${text}`);
      }
    }
  }
}

const SEED = Number(process.env.NUA_FUZZ_SEED ?? 20261123);

test.each(["toml", "json", "yaml"] as const)(
  "mutated text: %s",
  (format) => {
    const random = createRandom(SEED);
    for (let run = 0; run < RUNS; run += 1) {
      tryText(mutate(SEEDS[format][random(SEEDS[format].length)]!, random), format, run);
    }
  },
  120_000,
);

test("mutated values", () => {
  const random = createRandom(SEED);
  for (let run = 0; run < RUNS; run += 1) {
    const seed: unknown = JSON.parse(SEEDS.json[random(SEEDS.json.length)]!);
    tryText(JSON.stringify(mutateTree(seed, random)), "json", run);
  }
}, 120_000);
