/** The engines and clients of the tests and the demo: which Debian release each comes from. */
import { existsSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type PackageSet, unpackPrograms } from "./debian-programs.ts";

/** Docker 20.10, whose client has BuildKit inside. */
const DOCKER_20: PackageSet = {
  name: "docker-20.10",
  suite: "bookworm",
  packages: ["docker.io", "containerd", "runc", "libdevmapper1.02.1"],
};
/** The client alone has the engine's old builder, with its plugin it has buildx. */
const CLIENT_26: PackageSet = {
  name: "docker-cli-26",
  suite: "trixie",
  packages: ["docker-cli", "docker-buildx"],
};
/** Without its own runc, which needs libraries that older systems lack. */
const ENGINE_26: PackageSet = {
  name: "docker-26",
  suite: "trixie",
  packages: ["docker.io", "containerd", "libdevmapper1.02.1"],
};

const PLUGIN = "usr/libexec/docker/cli-plugins/docker-buildx";

/** Where Docker's client looks for plugins beside its configuration (cli-plugins/manager). */
const SYSTEM_PLUGINS = ["lib", "libexec"].flatMap((name) => [
  `/usr/local/${name}/docker/cli-plugins/docker-buildx`,
  `/usr/${name}/docker/cli-plugins/docker-buildx`,
]);

export const ENGINE_VERSIONS = ["20.10", "26"] as const;
export type EngineVersion = (typeof ENGINE_VERSIONS)[number];

export interface DockerPrograms {
  dockerd: string;
  /** Client 20.10. */
  docker20: string;
  /** Client 26. */
  docker26: string;
  /** A configuration of the client's (DOCKER_CONFIG) that has the plugin buildx. */
  configWithBuildx: string;
  /** One without, wherever the machine may have it. */
  plainConfig: string;
}

/**
 * Has the programs at hand, and writes what starts and configures them.
 * @param options.cache a folder that keeps the programs from run to run
 * @param options.folder one of this run, for what is written
 * @throws Error (of zx) when a package cannot be had
 */
export async function prepareDocker(options: {
  cache: string;
  folder: string;
  engine: EngineVersion;
  log: (line: string) => void;
}): Promise<DockerPrograms> {
  const { cache, folder, engine, log } = options;
  const docker20 = await unpackPrograms(DOCKER_20, cache, log);
  const client26 = await unpackPrograms(CLIENT_26, cache, log);
  const roots = engine === "26" ? [await unpackPrograms(ENGINE_26, cache, log)] : [];
  const at = (name: string) => join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeStarter(at("dockerd"), [...roots, docker20]);
  await writePlugin(at("with-buildx"), async (file) => symlink(join(client26, PLUGIN), file));
  await mkdir(at("plain"));
  if (SYSTEM_PLUGINS.some(existsSync)) await writePlugin(at("plain"), writeBrokenPlugin);
  return {
    dockerd: at("dockerd"),
    docker20: join(docker20, "usr/bin/docker"),
    docker26: join(client26, "usr/bin/docker"),
    configWithBuildx: at("with-buildx"),
    plainConfig: at("plain"),
  };
}

// --- internal ---

/** Starts the engine of the first root; its helpers are of the first root that has them. */
async function writeStarter(file: string, roots: readonly string[]): Promise<void> {
  const path = roots.flatMap((root) => [`${root}/usr/sbin`, `${root}/usr/bin`]).join(":");
  const [root] = roots;
  // Of libraries the roots have libdevmapper only, which few machines have.
  const text = `#!/bin/sh
PATH=${path}:$PATH
LD_LIBRARY_PATH=$(echo ${root}/usr/lib/*-linux-gnu ${root}/lib/*-linux-gnu | tr ' ' ':')
export PATH LD_LIBRARY_PATH
exec ${root}/usr/sbin/dockerd --userland-proxy-path ${root}/usr/sbin/docker-proxy "$@"
`;
  await writeFile(file, text);
  await chmod(file, 0o755);
}

async function writePlugin(config: string, write: (file: string) => Promise<void>): Promise<void> {
  const plugins = join(config, "cli-plugins");
  await mkdir(plugins, { recursive: true });
  await write(join(plugins, "docker-buildx"));
}

/** It hides the machine's: the client takes the first one that it finds, and does without. */
async function writeBrokenPlugin(file: string): Promise<void> {
  await writeFile(file, "#!/bin/sh\nexit 1\n");
  await chmod(file, 0o755);
}
