/** Reads the agent's input. */
import * as v from "valibot";
import { NuaError } from "../lib/errors.ts";
import {
  AGENT_INPUT_FILE,
  AGENT_INPUT_VERSION,
  type AgentInput,
  agentInputSchema,
} from "../protocol/agent-input.ts";

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
