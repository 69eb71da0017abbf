/** The labels that upstream's images carry, base images too. */
import { VERSION } from "../protocol/version.ts";

export function nuaLabels(id: string, tag: string): Record<string, string> {
  return { APP_ID: id, NUA_TAG: tag, NUA_BUILD_VERSION: VERSION };
}
