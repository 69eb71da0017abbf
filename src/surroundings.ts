import { SURROUNDINGS_ARG, SURROUNDINGS_PREFIX, type Surroundings } from "./shared/agent-input.ts";

/** The environment that carries the surroundings into a build; empty when there are none. */
export function surroundingsEnv(surroundings: Surroundings): Record<string, string> {
  if (Object.keys(surroundings).length === 0) return {};
  const json = Buffer.from(JSON.stringify(surroundings), "utf8").toString("base64");
  return { [SURROUNDINGS_ARG]: `${SURROUNDINGS_PREFIX}${json}` };
}
