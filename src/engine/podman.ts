/** podman: on its own machine it is client and engine in one. */
import * as v from "valibot";
import type { Dialect } from "./dialect.ts";

const partSchema = v.object({ Version: v.string(), OsArch: v.optional(v.string()) });

/** Where it reaches no other machine, it tells no server. `OsArch` is podman's own. */
const versionSchema = v.object({
  Client: v.object({ Version: v.string(), OsArch: v.string() }),
  Server: v.nullish(partSchema),
});

const stateSchema = v.object({
  store: v.object({ graphDriverName: v.optional(v.string()), graphRoot: v.optional(v.string()) }),
});

export const PODMAN: Dialect = {
  product: "podman",
  joinsNetworks: false,
  saveSeveral: ["--multi-image-archive"],
  readVersions(told) {
    const { success, output } = v.safeParse(versionSchema, told);
    if (!success) return undefined;
    const server = output.Server ?? output.Client;
    return {
      clientVersion: output.Client.Version,
      serverVersion: server.Version,
      // Such as "linux/amd64".
      architecture: server.OsArch?.split("/")[1] ?? "",
    };
  },
  describeBuilder: async () => ({ builder: "buildah", buildx: null }),
  readState(told) {
    const { graphDriverName: driver, graphRoot: root } = v.parse(stateSchema, told).store;
    return { driver, root, time: undefined };
  },
};
