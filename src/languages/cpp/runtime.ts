/** The compilers and build tools of the Linux base. Nothing runs with them. */
import type { Runtime } from "../runtime.ts";
import { DISTRIBUTION_GCC, gccVersions } from "./versions.ts";

export const cppRuntime: Runtime = {
  language: "cpp",
  versions: [],
  rules: gccVersions,
  distribution: DISTRIBUTION_GCC,
  packaged: "only",
  onlyBuilds: true,
  base: {
    dockerfile: "cpp/base.Dockerfile",
    argument: "cpp_version",
    versionFile: "/nua/cpp_version",
  },
};
