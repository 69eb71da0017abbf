/** Who starts programs: whatever else is wanted of the engine goes through its interface. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = join(import.meta.dir, "../../../src");

/** With what each of them starts. */
const STARTERS = {
  "bases/bootstrap.ts": "mmdebstrap",
  "engine/": "the engine's client",
  "images/archive/open-archive.ts": "zstd",
  "source/": "git, and what unpacks archives",
};

test("programs are started by few, and the engine's by its own room", () => {
  const starting = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/^(agent|lib)\//.test(file))
    .filter((file) =>
      /\b(run|stream|feed)Program\b/.test(readFileSync(join(SOURCES, file), "utf8")),
    );
  const places = starting.map((file) => file.replace(/^(engine|source)\/.*/, "$1/"));
  expect([...new Set(places)].sort()).toEqual(Object.keys(STARTERS).sort());
});
