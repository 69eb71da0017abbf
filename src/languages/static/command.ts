/** What serves a site in an image. */
import { SCRIPTS } from "../../protocol/layout.ts";

/** What an image that is nothing but a site is started with: it needs no start.py. */
export const SITE_COMMAND: readonly string[] = ["sh", `${SCRIPTS}/serve.sh`];
