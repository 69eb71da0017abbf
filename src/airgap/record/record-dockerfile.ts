/** Pure: adds recording to a package's own Dockerfile. */
import { withoutCaches } from "../../dockerfile/caches.ts";
import { RECORD_VARIABLE } from "../../protocol/exchanges.ts";

/** Every stage tells its agent so. */
export function recordDockerfile(text: string): string {
  return withoutCaches(text).replaceAll(FROM, `$&\nENV ${RECORD_VARIABLE}=1`);
}

// --- internal ---

const FROM = /^[ \t]*FROM[ \t].*$/gim;
