/** The builders that tests run with: always all three, whatever the machine has. */
import type { Client } from "./engine.ts";

/**
 * - `legacy`: a client of Docker 23 or newer without buildx, which has the engine's old builder
 * - `buildx`: such a client with its plugin
 * - `embedded`: a client of Docker 20.10, which has BuildKit inside
 */
export type BuilderName = "legacy" | "buildx" | "embedded";

/**
 * The client that builds in the given way, and the environment that leads it to the tests' engine.
 * @throws Error where the test command has prepared none
 */
export function testBuilder(name: BuilderName): Client {
  const prepared: Partial<Record<BuilderName, Omit<Client, "name">>> = JSON.parse(
    process.env.NUA_TEST_BUILDERS ?? "{}",
  );
  const client = prepared[name];
  if (client === undefined) throw new Error(`no builder "${name}": start the tests by npm test`);
  return { name, ...client };
}

/** All three, for what must hold whichever builds. */
export function testBuilders(): Client[] {
  return (["legacy", "buildx", "embedded"] as const).map(testBuilder);
}
