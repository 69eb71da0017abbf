/** Everything that a build needs here, looked at. */
import type { World } from "../session/world.ts";
import { checkAddresses } from "./check-addresses.ts";
import { checkEngine } from "./check-engine.ts";
import { checkLeftovers } from "./check-leftovers.ts";
import { checkPlaces } from "./check-places.ts";
import type { Finding } from "./finding.ts";

/** @param options.fix whether what is left over is removed; nothing else is changed */
export async function examine(world: World, options: { fix: boolean }): Promise<Finding[]> {
  const found = await Promise.all([
    checkEngine(world),
    checkPlaces(world.settings),
    checkAddresses(world),
    checkLeftovers(world, options),
  ]);
  return found.flat();
}
