/** The addresses that the build reads from, as environment of child processes and nothing else. */
import * as v from "valibot";
import { SURROUNDINGS_ARG, SURROUNDINGS_PREFIX, type Surroundings } from "../shared/agent-input.ts";
import { NuaError } from "../shared/errors.ts";

type Environment = Record<string, string | undefined>;

const surroundingsSchema = v.object({
  aptMirror: v.exactOptional(v.string()),
  pipIndex: v.exactOptional(v.string()),
  pipTrustedHost: v.exactOptional(v.string()),
  npmRegistry: v.exactOptional(v.string()),
  rubyMirror: v.exactOptional(v.string()),
  ca: v.exactOptional(v.string()),
});

/** Of the agent and its runtime: nothing that an app's build should see. */
const PRIVATE_VARIABLES = ["BUN_BE_BUN", "NUA_CONTEXT"];

/**
 * Reads the surroundings and gives back the environment without them. A value that is not
 * nua-build's own (a real proxy) stays.
 * @throws NuaError (bug) when the value cannot be read
 */
export function takeSurroundings(env: Environment): {
  surroundings: Surroundings;
  env: Environment;
} {
  const rest = Object.fromEntries(
    Object.entries(env).filter(([name]) => !PRIVATE_VARIABLES.includes(name)),
  );
  const value = env[SURROUNDINGS_ARG];
  if (!value?.startsWith(SURROUNDINGS_PREFIX)) return { surroundings: {}, env: rest };
  delete rest[SURROUNDINGS_ARG];
  const json = Buffer.from(value.slice(SURROUNDINGS_PREFIX.length), "base64").toString("utf8");
  try {
    return { surroundings: v.parse(surroundingsSchema, JSON.parse(json)), env: rest };
  } catch (cause) {
    // The value itself may hold a password.
    throw new NuaError(
      "bug",
      `Read build argument "${SURROUNDINGS_ARG}": not what nua-build sends`,
      {
        cause,
      },
    );
  }
}

/** The variables that pip, npm, yarn and the agent read their addresses from. */
export function registryEnvironment(surroundings: Surroundings): Record<string, string> {
  const { pipIndex, pipTrustedHost, npmRegistry, rubyMirror } = surroundings;
  return {
    ...(pipIndex === undefined ? {} : { PIP_INDEX_URL: pipIndex }),
    ...(pipTrustedHost === undefined ? {} : { PIP_TRUSTED_HOST: pipTrustedHost }),
    ...(npmRegistry === undefined
      ? {}
      : { npm_config_registry: npmRegistry, YARN_NPM_REGISTRY_SERVER: npmRegistry }),
    // Read by app_builder itself, when a script of the app's calls it.
    ...(rubyMirror === undefined ? {} : { NUA_RUBY_MIRROR: rubyMirror }),
    // yarn 2 and later refuses plain http unless the host is named.
    ...(npmRegistry?.startsWith("http:")
      ? { YARN_UNSAFE_HTTP_WHITELIST: new URL(npmRegistry).hostname }
      : {}),
  };
}
