/** The Node.js runtime: versions, and how it is installed. */
import type { Runtime } from "../runtime.ts";
import { NODE_PREFIX } from "./agent/prefix.ts";

/** Major versions; which one of them is the newest, the npm registry says. */
const VERSIONS = ["14", "16", "18", "20", "22", "24"];

const PREFIXES = [
  ...["node-", "node", "node_", "nodejs", "nodejs-", "nodejs_"],
  ...["nua-builder-nodejs"],
];

export const nodeRuntime: Runtime = {
  language: "nodejs",
  versions: VERSIONS.map((version) => ({
    version,
    names: PREFIXES.map((prefix) => prefix + version),
    buildArgs: { node_version: version },
  })),
  base: {
    dockerfile: "node/base.Dockerfile",
    installer: {
      word: "install-node",
      folder: { flag: "--prefix", fallback: NODE_PREFIX },
      example: "20",
      load: () => import("./agent/install-node.ts"),
    },
  },
};
