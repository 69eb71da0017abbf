/** Installs bun from an npm registry. */
import { run } from "../../../protocol/command.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { installNpmProgram, type NpmProgram } from "../../npm-program.ts";

export const BUN: NpmProgram = {
  title: "bun",
  name: "bun",
  // The other build for this processor wants AVX2, which not every machine has that runs an image.
  packages: { x64: "@oven/bun-linux-x64-baseline", arm64: "@oven/bun-linux-aarch64" },
  member: "package/bin/bun",
  // By this name it is what npx is to npm.
  finish: (bin) => [run(["ln", "-sf", "bun", `${bin}/bunx`])],
};

/** @throws as {@link installNpmProgram} */
export function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  return installNpmProgram(BUN, request, tools);
}
