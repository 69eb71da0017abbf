/** The runtime of static sites: the distribution's web server, without any language. */
import type { Runtime } from "../runtime.ts";

export const staticRuntime: Runtime = {
  language: "static",
  versions: [],
};
