import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dir, "../../..");

/** Each takes longer to load than most commands take to do their work. */
const HEAVY = [
  ...["citty", "semver", "toml-eslint-parser", "yaml", "zx"],
  ...["node:child_process", "node:crypto", "node:http", "node:https", "node:net", "node:stream"],
];

for (const command of ["check", "plan", "config"]) {
  test(`${command} loads nothing heavy before it is used`, () => {
    const start = ["src/main.ts", "src/cli/run.ts", "src/session/signals.ts"];
    const loaded = staticImports([...start, `src/cli/${command}.ts`]);
    expect(HEAVY.flatMap((name) => (loaded.has(name) ? [`${name}, by ${loaded.get(name)}`] : [])))
      // import("…") in place of import, or lazily(), see src/lib/lazily.ts
      .toEqual([]);
  });
}

/** Packages, modules and files that are loaded together with those files: what -> by whom. */
function staticImports(files: readonly string[]): Map<string, string> {
  const scanner = new Bun.Transpiler({ loader: "ts" });
  const found = new Map<string, string>();
  const left = [...files];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    for (const { path, kind } of scanner.scanImports(readFileSync(join(ROOT, file), "utf8"))) {
      const target = path.startsWith(".") ? join(dirname(file), path) : path;
      if (kind !== "import-statement" || found.has(target)) continue;
      found.set(target, file);
      if (target.startsWith("src/") && target.endsWith(".ts")) left.push(target);
    }
  }
  return found;
}
