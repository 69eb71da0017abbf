/** The runtime bun: versions, and how it is installed. */
import { semver } from "../../lib/semver.ts";
import { PUBLIC_NPM_REGISTRY } from "../../registries/npm.ts";
import { parseList, parseRange } from "../npm-versions.ts";
import type { Runtime } from "../runtime.ts";
import { NODE_PREFIX } from "./agent/prefix.ts";

const SERIES = ["1"];

export const bunRuntime: Runtime = {
  language: "bun",
  versions: SERIES.map((version) => ({
    version,
    names: [
      `bun-${version}`,
      `bun${version}`,
      `bun_${version}`,
      "bun",
      `nua-builder-bun${version}`,
    ],
  })),
  rules: {
    prefixes: ["bun", "nua-builder-bun"],
    usual: "1",
    series: [1, 2],
    oldest: "1.0.0",
    known: SERIES,
    parse: (range) => parseRange(range === "latest" || range === "canary" ? "*" : range),
    compare: (a, b) => semver.compare(a, b),
    list: {
      setting: "npmRegistry",
      address: PUBLIC_NPM_REGISTRY,
      path: "@oven/bun-linux-x64-baseline",
      parse: parseList,
    },
  },
  base: {
    dockerfile: "node/bun.Dockerfile",
    argument: "bun_version",
    versionFile: "/nua/bun_version",
    installer: {
      word: "install-bun",
      folder: { flag: "--prefix", fallback: NODE_PREFIX },
      example: "1",
      load: () => import("./agent/install-bun.ts"),
    },
  },
};
