/** The Deno runtime: versions, and how it is installed. */
import type { Runtime } from "../runtime.ts";
import { denoVersions } from "./versions.ts";

const PREFIXES = ["deno-", "deno", "deno_", "nua-builder-deno"];

export const denoRuntime: Runtime = {
  language: "deno",
  versions: denoVersions.known.map((version) => ({
    version,
    names: [...PREFIXES.map((prefix) => prefix + version), "deno"],
  })),
  rules: denoVersions,
  base: {
    dockerfile: "deno/base.Dockerfile",
    argument: "deno_version",
    versionFile: "/nua/deno_version",
    installer: {
      word: "install-deno",
      folder: { flag: "--prefix", fallback: "/usr/local" },
      example: "2.1",
      load: () => import("./agent/install-deno.ts"),
    },
  },
};
