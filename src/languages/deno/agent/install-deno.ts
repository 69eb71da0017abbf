/** Installs Deno from an npm registry. */
import { run } from "../../../protocol/command.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { installNpmProgram, type NpmProgram } from "../../npm-program.ts";

export const DENO: NpmProgram = {
  title: "Deno",
  name: "deno",
  packages: { x64: "@deno/linux-x64-glibc", arm64: "@deno/linux-arm64-glibc" },
  member: "package/deno",
  // In the packages before 2.1 it is no program yet: their own script made it one.
  finish: (bin) => [run(["chmod", "755", `${bin}/deno`])],
};

/** @throws as {@link installNpmProgram} */
export function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  return installNpmProgram(DENO, request, tools);
}
