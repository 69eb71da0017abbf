/**
 * The Docker programs that tests use, out of Debian's packages: an engine, and a client for each
 * way in which clients have images built. They are unpacked, not installed: which Docker the
 * machine has, if any, makes no difference.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { unpackDebianPackages } from "./debian-packages.ts";

export interface DockerPrograms {
  /** Docker 20.10's engine. */
  dockerd: string;
  /** Its client, with BuildKit inside. */
  oldClient: string;
  /** A client of Docker 26: without its plugin it has images built by the engine's old builder. */
  client: string;
  /** The folder with that plugin, as DOCKER_CONFIG has it below `cli-plugins`. */
  buildx: string;
}

/**
 * @param folder where they are kept from one run to the next
 * @throws Error when a package cannot be had
 */
export async function ensureDockerPrograms(
  folder: string,
  log: (line: string) => void,
): Promise<DockerPrograms> {
  for (const { name, ...request } of SETS) {
    const target = join(folder, name);
    if (existsSync(target)) continue;
    log(`unpack ${request.packages.join(" ")} (Debian ${request.release})`);
    await unpackDebianPackages({ ...request, folder: target });
  }
  const [engine, clients] = SETS.map(({ name }) => join(folder, name)) as [string, string];
  return {
    dockerd: join(engine, "usr/sbin/dockerd"),
    oldClient: join(engine, "usr/bin/docker"),
    client: join(clients, "usr/bin/docker"),
    buildx: join(clients, "usr/libexec/docker/cli-plugins/docker-buildx"),
  };
}

/** Where the libraries are that an unpacked engine needs. */
export function libraryPath(dockerd: string): string {
  const top = dockerd.replace(/\/usr\/sbin\/[^/]*$/, "");
  const triplet = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  return [join(top, "usr/lib", triplet), join(top, "lib", triplet)].join(":");
}

// --- internal ---

const SETS = [
  {
    name: "docker-20.10",
    release: "bookworm",
    packages: ["docker.io", "containerd", "runc", "libdevmapper1.02.1", "libseccomp2"],
  },
  { name: "docker-26", release: "trixie", packages: ["docker-cli", "docker-buildx"] },
] as const;
