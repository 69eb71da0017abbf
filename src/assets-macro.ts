/** A macro that bun runs while it bundles `assets.ts`; not part of the binary. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Bundles the agent. A child process, because the bundler cannot be re-entered from a macro. */
export function bundleAgent(): string {
  const entry = join(import.meta.dir, "agent/main.ts");
  const child = Bun.spawnSync(
    [process.execPath, "build", entry, "--target=bun", "--minify-syntax", "--minify-whitespace"],
    { env: { ...process.env, BUN_BE_BUN: "1" } },
  );
  if (child.exitCode !== 0) throw new Error(`Bundle agent: ${child.stderr.toString()}`);
  return child.stdout.toString();
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
