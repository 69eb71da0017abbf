/** Everything that a build needs here, looked at without changing anything. */
import type { World } from "../world.ts";
import { checkAddresses } from "./check-addresses.ts";
import { checkEngine } from "./check-engine.ts";
import { checkPlaces } from "./check-places.ts";
import type { Finding } from "./finding.ts";

export async function examine(world: World): Promise<Finding[]> {
  const found = await Promise.all([
    checkEngine(world),
    checkPlaces(world.settings),
    checkAddresses(world),
  ]);
  return found.flat();
}
