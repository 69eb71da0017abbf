/** The Node.js runtime: versions, and how it is installed. */
import type { Runtime } from "../runtime.ts";
import { NODE_PREFIX } from "./agent/prefix.ts";
import { KNOWN_MAJORS, nodeVersions } from "./versions.ts";

const PREFIXES = [
  ...["node-", "node", "node_", "nodejs", "nodejs-", "nodejs_"],
  ...["nua-builder-nodejs"],
];

export const nodeRuntime: Runtime = {
  language: "nodejs",
  versions: KNOWN_MAJORS.map((version) => ({
    version,
    names: PREFIXES.map((prefix) => prefix + version),
  })).reverse(),
  rules: nodeVersions,
  base: {
    dockerfile: "node/base.Dockerfile",
    argument: "node_version",
    versionFile: "/nua/node_version",
    installer: {
      word: "install-node",
      folder: { flag: "--prefix", fallback: NODE_PREFIX },
      example: "20",
      load: () => import("./agent/install-node.ts"),
    },
  },
};
