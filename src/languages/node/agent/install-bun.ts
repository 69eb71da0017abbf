/** Installs bun from an npm registry. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { type Command, run } from "../../../protocol/command.ts";
import { PUBLIC_NPM_REGISTRY } from "../../../registries/npm.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { fetchPackage } from "../../npm-package.ts";
import { NODE_PREFIX } from "./prefix.ts";

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
  write(`==> Install bun ${version} in ${prefix}\n`);
  const file = join(scratch, "bun.tgz");
  writeFileSync(file, tarball);
  await execute(installCommands({ prefix, version, file }));
}

/** Pure: what installs a fetched tarball. */
export function installCommands({ prefix, version, file }: Installation): Command[] {
  const unpack = ["tar", "--extract", "--gzip", "--no-same-owner", "--strip-components=1"];
  const root = prefix.endsWith(NODE_PREFIX) ? prefix.slice(0, -NODE_PREFIX.length) : null;
  return [
    run(["mkdir", "-p", prefix]),
    run([...unpack, "-f", file, "-C", prefix, "package/bin/bun"]),
    // By this name it is what npx is to npm.
    run(["ln", "-sf", "bun", `${prefix}/bin/bunx`]),
    ...(root === null
      ? []
      : [
          {
            kind: "write",
            path: `${root}/nua/bun_version`,
            text: `${version}\n`,
            mode: 0o644,
          } as const,
        ]),
  ];
}

// --- internal ---

interface Installation {
  prefix: string;
  version: string;
  /** The tarball. */
  file: string;
}

/** The other build for this processor wants AVX2, which not every machine has that runs an image. */
const PACKAGES: Readonly<Record<string, string>> = {
  x64: "@oven/bun-linux-x64-baseline",
  arm64: "@oven/bun-linux-aarch64",
};

function packageOf(arch: string): string {
  const found = PACKAGES[arch];
  if (found !== undefined) return found;
  throw new NuaError("input", `Install bun: there is none for the processor "${arch}"`, {
    hint: `use one of ${Object.keys(PACKAGES).join(", ")}`,
  });
}
