/** The environment of tests: folders and programs of their own, no settings of the user. */
import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import type { BuilderName } from "../test/helpers/builders.ts";
import type { DockerPrograms } from "./docker-programs.ts";

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Of the caller's variables: how this machine reaches others, and how much is to be tried. */
const KEPT =
  /^(CI|NUA_TEST_INTERRUPTS|NUA_TEST_SEED|NUA_FUZZ_RUNS|(https?|ftp|no|all)_proxy|SSL_CERT_(FILE|DIR)|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|GIT_SSL_CAINFO)$/i;

export type Environment = Record<string, string>;

/**
 * The environment of one file of tests, without an engine; makes the folders that it names.
 * @param folder one that only these tests get
 * @param bin the folder of programs that come before the system's
 */
export async function testEnvironment(folder: string, bin: string): Promise<Environment> {
  const own = {
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_CONFIG_DIRS: join(folder, "system-config"),
    XDG_STATE_HOME: join(folder, "state"),
    XDG_CACHE_HOME: join(folder, "cache"),
    XDG_RUNTIME_DIR: join(folder, "runtime"),
    DOCKER_CONFIG: join(folder, "docker"),
  };
  for (const path of Object.values(own)) await mkdir(path, { recursive: true });
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  return {
    ...(Object.fromEntries(kept) as Environment),
    ...{ ...own, PATH: `${bin}:${SYSTEM_PATH}`, LANG: "C.UTF-8", GIT_CONFIG_NOSYSTEM: "1" },
  };
}

/** What leads to an engine: by default with buildx, and by name in each of the three ways. */
export function engineEnvironment(host: string, programs: DockerPrograms): Environment {
  const { docker20, docker26, configWithBuildx, plainConfig, dockerd } = programs;
  const client = (program: string, config: string) => {
    return { program, env: { DOCKER_HOST: host, DOCKER_CONFIG: config } };
  };
  const builders = {
    legacy: client(docker26, plainConfig),
    buildx: client(docker26, configWithBuildx),
    embedded: client(docker20, plainConfig),
  } satisfies Record<BuilderName, unknown>;
  return {
    ...builders.buildx.env,
    NUA_TEST_BUILDERS: JSON.stringify(builders),
    NUA_TEST_DOCKERD: dockerd,
    NUA_LINUX_BASE: "host",
  };
}

/** Makes the folder of programs: the client, and Node.js and bun wherever they are. */
export async function linkPrograms(bin: string, docker: string): Promise<void> {
  await mkdir(bin);
  await symlink(docker, join(bin, "docker"));
  await symlink(process.execPath, join(bin, "bun"));
  for (const name of ["node", "npm", "npx"]) {
    const found = Bun.which(name);
    if (found !== null) await symlink(found, join(bin, name));
  }
}

/** The programs that the tests use, each with its version and its path. */
export async function describePrograms(programs: DockerPrograms, bin: string): Promise<string[]> {
  const { docker20, docker26, dockerd, configWithBuildx, plainConfig } = programs;
  const version = async (argv: string[], env: Environment = {}) => {
    const run = $({ quiet: true, nothrow: true, env: { ...process.env, ...env } });
    const { stdout, stderr } = await run`${argv}`;
    return (stdout || stderr).trim().split("\n")[0] ?? "";
  };
  const clientOf = async (program: string, config: string) => {
    const env = { DOCKER_CONFIG: config };
    const told = [await version([program, "--version"], env)];
    if (config === configWithBuildx) told.push(await version([program, "buildx", "version"], env));
    return `${told.join(", ")}, ${program}`;
  };
  const path = `${bin}:${SYSTEM_PATH}`;
  const tools = ["bun", "node", "git", "mmdebstrap", "python3", "openssl", "xz", "zstd", "bash"];
  const lines = await Promise.all(
    tools.map(async (tool) => {
      const file = Bun.which(tool, { PATH: path });
      if (file === null) return `${tool}: there is none`;
      return `${tool}: ${await version([file, tool === "openssl" ? "version" : "--version"])}, ${file}`;
    }),
  );
  return [
    `builder legacy: ${await clientOf(docker26, plainConfig)}`,
    `builder buildx: ${await clientOf(docker26, configWithBuildx)}`,
    `builder embedded: ${await clientOf(docker20, plainConfig)}`,
    `engine: ${await version([dockerd, "--version"])}, ${dockerd}`,
    ...lines,
    ...(existsSync("/var/run/docker.sock") ? ["the machine's own engine is left alone"] : []),
  ];
}
