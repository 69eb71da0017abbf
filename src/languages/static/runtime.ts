/** The runtime of static sites: the distribution's web server, without any language. */
import type { Runtime } from "../runtime.ts";
import { SITE_COMMAND } from "./command.ts";

export const staticRuntime: Runtime = {
  language: "static",
  // The one that the Linux base has packages of; nobody names it.
  versions: [{ version: "", names: [] }],
  base: { dockerfile: "static/base.Dockerfile", parent: "linux", command: SITE_COMMAND },
};
