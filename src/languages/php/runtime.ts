/** PHP, which runs apps, and Composer, which they are built with; both of the Linux base's packages. */
import type { Runtime } from "../runtime.ts";
import {
  composerVersions,
  DISTRIBUTION_COMPOSER,
  DISTRIBUTION_PHP,
  phpVersions,
} from "./versions.ts";

export const phpRuntime: Runtime = {
  language: "php",
  versions: [],
  rules: phpVersions,
  distribution: DISTRIBUTION_PHP,
  packaged: "only",
  base: {
    dockerfile: "php/base.Dockerfile",
    argument: "php_version",
    versionFile: "/nua/php_version",
    installer: {
      word: "install-php",
      folder: { flag: "--root", fallback: "/" },
      example: "8.2",
      load: () => import("./agent/install-php.ts"),
    },
  },
};

/** Nobody names it: apps with a composer.json get it for their build. */
export const composerRuntime: Runtime = {
  language: "composer",
  versions: [],
  rules: composerVersions,
  distribution: DISTRIBUTION_COMPOSER,
  packaged: "only",
  onlyBuilds: true,
  base: { dockerfile: "php/composer.Dockerfile", argument: "composer_version" },
};
