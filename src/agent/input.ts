/** Reads the agent's orders. */
import { resolve } from "node:path";
import * as v from "valibot";
import { NuaError } from "../lib/errors.ts";
import {
  AGENT_INPUT_FILE,
  AGENT_INPUT_VERSION,
  type AgentInput,
  APP_LAYERS,
  DEPENDENCY_PLACES,
} from "../protocol/agent-input.ts";
import { BUILD } from "../protocol/layout.ts";

/** A word that no program takes for one of its options. */
const operand = v.pipe(
  v.string(),
  v.check((word) => !word.startsWith("-"), "expected a word that does not begin with a hyphen"),
);

/** A path that cannot leave the folder that it is relative to. */
const relativePath = v.pipe(
  operand,
  v.check(
    (path) => !path.startsWith("/") && !path.split("/").includes(".."),
    "expected a path below /nua/build",
  ),
);

const configuredCommands = v.array(v.object({ line: v.string(), from: v.string() }));

/** A folder to empty: not one that holds the app itself. */
const documentRoot = v.pipe(
  v.string(),
  v.check((path) => {
    const folder = `${resolve(BUILD, path)}/`.replace("//", "/");
    return !`${BUILD}/`.startsWith(folder);
  }, "expected a folder that does not hold /nua/build"),
);

const count = v.pipe(v.number(), v.minValue(0));

const packageName = v.pipe(
  v.string(),
  // A person may have written several to a string.
  v.regex(/^\s*([a-z0-9][\w+.:=~/-]*(\s+|$))*$/i, "expected the name of a Debian package"),
);

export const agentInputSchema: v.GenericSchema<unknown, AgentInput> = v.object({
  version: v.literal(AGENT_INPUT_VERSION),
  layer: v.picklist([...APP_LAYERS, "all"]),
  dependencies: v.picklist(DEPENDENCY_PLACES),
  app: v.object({ id: v.string(), tag: v.string() }),
  source: v.variant("kind", [
    v.object({ kind: v.literal("local"), dir: relativePath }),
    v.object({
      kind: v.literal("archive"),
      url: v.string(),
      sha256: v.nullable(v.string()),
      dir: relativePath,
      limits: v.optional(v.object({ bytes: count, files: count })),
    }),
  ]),
  packages: v.object({ build: v.array(packageName), run: v.array(packageName) }),
  metaPackages: v.array(v.string()),
  beforeBuild: configuredCommands,
  pipInstall: v.array(v.object({ item: v.string(), from: v.string() })),
  build: configuredCommands,
  buildScript: v.nullable(relativePath),
  buildAsRoot: v.boolean(),
  test: configuredCommands,
  beforeRun: configuredCommands,
  start: configuredCommands,
  startScript: v.nullable(relativePath),
  documentRoot: v.nullable(documentRoot),
  rendered: v.record(v.string(), v.unknown()),
});

/**
 * @param text the content of nua-agent.json
 * @throws NuaError (input) when it is no JSON, of another version, or has a wrong shape
 */
export function parseAgentInput(text: string): AgentInput {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new NuaError("input", `Read "${AGENT_INPUT_FILE}": ${String(cause)}`, { cause });
  }
  const version = v.safeParse(v.object({ version: v.number() }), json);
  if (version.success && version.output.version !== AGENT_INPUT_VERSION) {
    throw new NuaError(
      "input",
      `Read "${AGENT_INPUT_FILE}": it has version ${version.output.version}, this agent reads version ${AGENT_INPUT_VERSION}`,
      {
        hint: "build the base images again with the same nua-build: nua-build bases build --force",
      },
    );
  }
  const parsed = v.safeParse(agentInputSchema, json);
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map(
    (issue) => `${v.getDotPath(issue) ?? "top"}: ${issue.message}`,
  );
  throw new NuaError("input", `Read "${AGENT_INPUT_FILE}": ${problems.join("; ")}`);
}
