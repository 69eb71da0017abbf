/** Macros that bun runs while it bundles `assets.ts`; not part of the binary. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

/**
 * Bundles the agent: its files by name, `agent.mjs` being the one that is run. What it does not
 * need for most builds lies in files of its own, which are loaded when they are needed. A child process, because
 * the bundler cannot be re-entered from a macro.
 */
export function bundleAgent(): Record<string, string> {
  const entry = join(import.meta.dir, "agent/main.ts");
  const folder = mkdtempSync(join(tmpdir(), "nua-agent-"));
  const names = ["--entry-naming=agent.mjs", "--chunk-naming=[name]-[hash].mjs"];
  const words = ["--target=bun", "--splitting", "--minify-syntax", "--minify-whitespace"];
  try {
    const child = Bun.spawnSync(
      [process.execPath, "build", entry, ...words, ...names, `--outdir=${folder}`],
      { env: { ...process.env, BUN_BE_BUN: "1" } },
    );
    if (child.exitCode !== 0) throw new Error(`Bundle agent: ${child.stderr.toString()}`);
    return Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads every file below a folder (relative to src/) whose name ends so, sorted by path. */
export function readFolder(folder: string, ending = ""): Record<string, string> {
  const root = join(import.meta.dir, folder);
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => join(root, path))
    .filter(
      (path) => path.endsWith(ending) && statSync(path).isFile() && !path.includes("__pycache__"),
    )
    .sort();
  return Object.fromEntries(
    paths.map((path) => [relative(root, path), readFileSync(path, "utf8")] as const),
  );
}
