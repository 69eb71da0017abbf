/** Runs all checks of `doctor`. */
import type { Session } from "../session/session.ts";
import { checkAddresses } from "./check-addresses.ts";
import { checkEngine } from "./check-engine.ts";
import { checkLeftovers } from "./check-leftovers.ts";
import { checkPlaces } from "./check-places.ts";
import type { Finding } from "./finding.ts";

/** @param options.fix whether what is left over is removed; nothing else is changed */
export async function examine(session: Session, options: { fix: boolean }): Promise<Finding[]> {
  const found = await Promise.all([
    checkEngine(session),
    checkPlaces(session.settings),
    checkAddresses(session),
    checkLeftovers(session, options),
  ]);
  return found.flat();
}
