/** Pure: whether a site is all that there is in its image. */
import { runtimeOf } from "../languages/runtimes.ts";
import type { RequestedWork } from "./requested-work.ts";

/**
 * Whether nothing else has to run there.
 * @param language of the runtime that serves it
 */
export function isSiteAlone(
  language: string,
  app: {
    work: Pick<RequestedWork, "beforeRun">;
    /** Whether the Dockerfile is nua-build's. */
    isLayered: boolean;
    hasTemplates: boolean;
  },
): boolean {
  const { work, isLayered, hasTemplates } = app;
  const isApart = runtimeOf(language).base?.parent === "linux";
  return isApart && isLayered && work.beforeRun.length === 0 && !hasTemplates;
}
