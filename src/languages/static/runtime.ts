/** The runtime of static sites: the distribution's web server, without any language. */
import { SCRIPTS } from "../../protocol/layout.ts";
import type { Runtime } from "../runtime.ts";

/** What an image that is nothing but a site is started with: it needs no start.py. */
export const SITE_COMMAND: readonly string[] = ["sh", `${SCRIPTS}/serve.sh`];

export const staticRuntime: Runtime = {
  language: "static",
  versions: [{ version: "", names: [] }],
  base: { dockerfile: "static/base.Dockerfile", parent: "linux", command: SITE_COMMAND },
};
