/** The Go toolchain: versions, and how it is installed. Nothing runs with it. */
import type { Runtime } from "../runtime.ts";
import { goVersions } from "./versions.ts";

const PREFIXES = ["go-", "go", "golang-", "golang", "nua-builder-go"];

export const goRuntime: Runtime = {
  language: "go",
  // Those that the Go project mends, by their names; the newest first.
  versions: goVersions.known.slice(0, 2).map((version) => ({
    version,
    names: PREFIXES.map((prefix) => prefix + version),
  })),
  rules: goVersions,
  onlyBuilds: true,
  base: {
    dockerfile: "go/base.Dockerfile",
    argument: "go_version",
    versionFile: "/nua/go_version",
    installer: {
      word: "install-go",
      folder: { flag: "--prefix", fallback: "/usr/local" },
      example: "1.26",
      load: () => import("./agent/install-go.ts"),
    },
  },
};
