/**
 * `npm run compile`: makes the standalone binaries. The agent is bundled on the way, by
 * src/assets.ts.
 *
 *   bun scripts/compile.ts         dist/nua-build, for this machine
 *   bun scripts/compile.ts --all   dist/nua-build-TARGET, for every target of the table
 */
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { $ } from "zx";

const ROOT = join(import.meta.dir, "..");

interface Target {
  /** Ending of the file's name. */
  name: string;
  /** bun's name for the platform. */
  platform: string;
}

const TARGETS: readonly Target[] = [
  { name: "linux-x64", platform: "bun-linux-x64" },
  // For processors without AVX2.
  { name: "linux-x64-baseline", platform: "bun-linux-x64-baseline" },
  { name: "linux-arm64", platform: "bun-linux-arm64" },
];

await mkdir(join(ROOT, "dist"), { recursive: true });
if (process.argv.includes("--all")) {
  for (const { name, platform } of TARGETS) await compile(`dist/nua-build-${name}`, platform);
} else {
  await compile("dist/nua-build");
}

// --- internal ---

async function compile(output: string, platform?: string): Promise<void> {
  const file = join(ROOT, output);
  const part = `${file}.part`;
  await $({ cwd: ROOT, quiet: true })`${process.execPath} ${[
    ...["build", "bin/nua-build.ts", "--compile", "--bytecode", "--format=esm", "--minify"],
    ...["--splitting", "--outfile", part],
    // Machine code is made of hardly anything until src/cli/run.ts has seen that it is worth it:
    // making it takes a third of `check`.
    "--compile-jit-policy=1000",
    ...(platform === undefined ? [] : [`--target=${platform}`]),
    // The folder that nua-build is started in belongs to an app: nothing there is ours to load.
    ...["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"],
    ...["--no-compile-autoload-tsconfig", "--no-compile-autoload-package-json"],
  ]}`;
  await chmod(part, 0o755);
  // A binary that is running cannot be written to, only replaced.
  await rename(part, file);
  const bytes = await readFile(file);
  const digest = createHash("sha256").update(bytes).digest("hex");
  await writeFile(`${file}.sha256`, `${digest}  ${basename(file)}\n`);
  process.stdout.write(`${output}  ${(bytes.length / 1e6).toFixed(0)} MB\n`);
}
