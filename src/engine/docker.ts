/** Docker's client, of any version from 20.10 on. */
import * as v from "valibot";
import type { BuilderKind } from "./builder-kind.ts";
import type { Dialect } from "./dialect.ts";

const partSchema = v.object({ Version: v.string(), Arch: v.optional(v.string(), "") });

const versionSchema = v.object({ Client: partSchema, Server: partSchema });

const stateSchema = v.object({
  Driver: v.optional(v.string()),
  DockerRootDir: v.optional(v.string()),
  SystemTime: v.optional(v.string()),
});

export const DOCKER: Dialect = {
  product: "Docker",
  joinsNetworks: true,
  saveSeveral: [],
  readVersions(told) {
    const { success, output } = v.safeParse(versionSchema, told);
    if (!success) return undefined;
    const { Client, Server } = output;
    return {
      clientVersion: Client.Version,
      serverVersion: Server.Version,
      architecture: Server.Arch,
    };
  },
  async describeBuilder(clientVersion, answers) {
    const { buildx, context } = await answers;
    if (buildx.exitCode !== 0) return { builder: resolveBuilderKind(clientVersion), buildx: null };
    return {
      builder: "buildx",
      buildx: {
        builder: context.exitCode === 0 ? context.stdout.trim() : "default",
        provenance: isAtLeast(/v?(\d+\.\d+)/.exec(buildx.stdout)?.[1] ?? "0.0", 0, 10),
      },
    };
  },
  readState(told) {
    const { Driver: driver, DockerRootDir: root, SystemTime } = v.parse(stateSchema, told);
    const time = SystemTime === undefined ? undefined : new Date(SystemTime);
    return { driver, root, time: time && Number.isNaN(time.getTime()) ? undefined : time };
  },
};

// --- internal ---

/** How a client of this version builds that has no buildx. */
function resolveBuilderKind(clientVersion: string): BuilderKind {
  return isAtLeast(clientVersion, 23, 0) ? "legacy" : "embedded";
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return a > major || (a === major && b >= minor);
}
