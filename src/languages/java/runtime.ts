/** Java: what runs apps, and what they are built with; both of the Linux base's own OpenJDK. */
import type { Runtime } from "../runtime.ts";
import { DISTRIBUTION_JAVA, javaVersions } from "./app/versions.ts";

export const javaRuntime: Runtime = {
  language: "java",
  versions: [],
  rules: javaVersions,
  distribution: DISTRIBUTION_JAVA,
  packaged: "only",
  buildsWith: "jdk",
  base: {
    dockerfile: "java/base.Dockerfile",
    argument: "java_version",
    versionFile: "/nua/java_version",
  },
};

/** Nobody names it: it comes with the other, in the same version. */
export const jdkRuntime: Runtime = {
  language: "jdk",
  versions: [],
  rules: { ...javaVersions, prefixes: [] },
  distribution: DISTRIBUTION_JAVA,
  packaged: "only",
  onlyBuilds: true,
  base: { dockerfile: "java/jdk.Dockerfile", argument: "jdk_version" },
};
