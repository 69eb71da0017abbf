/** Mutated configurations give a result or a located error, never anything else. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigFormat } from "../../../src/config/discover.ts";
import { ConfigError } from "../../../src/config/problems.ts";
import { checkText } from "../../helpers/config.ts";

const RUNS = Number(process.env.NUA_FUZZ_RUNS ?? 1500);
const TOML = readFileSync(
  join(import.meta.dir, "../../../examples/hello-python/nua-config.toml"),
  "utf8",
);
const { config } = checkText(TOML);
const SEEDS: Record<ConfigFormat, string> = {
  toml: TOML,
  json: JSON.stringify(config, null, 1),
  yaml: `metadata:\n  id: app\n  version: 1.10\n  title: App\n  author: &me Me\nbuild:\n  packages: [a, b]\n  builder: {name: node, version: "20"}\nenv:\n  A: *me\nport:\n  web: {container: 80}\n`,
};
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

test.each(["toml", "json", "yaml"] as const)("%s", (format) => {
  const random = createRandom(20261123);
  for (let run = 0; run < RUNS; run += 1) {
    const text = mutate(SEEDS[format], random);
    try {
      checkText(text, { format });
    } catch (error) {
      if (!(error instanceof ConfigError))
        throw new Error(`run ${run}:\n${text}`, { cause: error });
      for (const { position } of error.problems) {
        expect(position.line).toBeGreaterThan(0);
        expect(position.line).toBeLessThanOrEqual(text.split("\n").length);
      }
    }
  }
});
