/**
 * The agent's report of a failure: one line of JSON that survives what builders write around it.
 */
import * as v from "valibot";

/** Leads the line; the rest of it is the JSON of an {@link AgentReport}. */
export const AGENT_REPORT_MARKER = "nua-agent-error: ";

/** Leads a line that a person should read however quiet the build is: an {@link AgentWarning}. */
export const AGENT_WARNING_MARKER = "nua-agent-warning: ";

export const agentWarningSchema = v.object({
  /** The layer that it is about; "all" for an image that is made in one go. */
  layer: v.string(),
  text: v.string(),
});

export type AgentWarning = v.InferOutput<typeof agentWarningSchema>;

export const agentReportSchema = v.object({
  /** The agent's action, such as "build-commands". */
  step: v.string(),
  /** The key of the nua-config that the command came from, or the file that made it run. */
  from: v.nullable(v.string()),
  /** The command as a shell line; empty when no command was being run. */
  command: v.string(),
  /** The command's exit status; null when a signal or the time limit ended it. */
  exitCode: v.nullable(v.number()),
  /** The last lines that the command printed, oldest first. */
  tail: v.array(v.string()),
  /** What was attempted, and how it failed. */
  message: v.string(),
  /** What to do next. */
  hint: v.nullable(v.string()),
  /** Whose fault it is: an exit status of nua-build, and the agent's own. */
  code: v.picklist(["bug", "usage", "input", "build", "transient"]),
});

export type AgentReport = v.InferOutput<typeof agentReportSchema>;

/** The line for the agent's standard error, without its line break. */
export function formatAgentReport(report: AgentReport): string {
  return `${AGENT_REPORT_MARKER}${JSON.stringify(report)}`;
}

/** The last report in a build's output; undefined when the agent reported nothing. */
export function findAgentReport(output: readonly string[]): AgentReport | undefined {
  const line = output.findLast((text) => text.includes(AGENT_REPORT_MARKER));
  if (line === undefined) return undefined;
  const parsed = v.safeParse(agentReportSchema, readMarked(line, AGENT_REPORT_MARKER));
  return parsed.success ? parsed.output : undefined;
}

/** The line for the agent's output, without its line break. */
export function formatAgentWarning(warning: AgentWarning): string {
  return `${AGENT_WARNING_MARKER}${JSON.stringify(warning)}`;
}

/** The warnings in a build's output, in order. */
export function findAgentWarnings(output: readonly string[]): AgentWarning[] {
  return output.flatMap((line) => {
    if (!line.includes(AGENT_WARNING_MARKER)) return [];
    const parsed = v.safeParse(agentWarningSchema, readMarked(line, AGENT_WARNING_MARKER));
    return parsed.success ? [parsed.output] : [];
  });
}

// --- internal ---

/** Undefined where it is no JSON. */
function readMarked(line: string, marker: string): unknown {
  const begin = line.indexOf(marker) + marker.length;
  try {
    // Docker's legacy builder ends what came from standard error with a colour code.
    return JSON.parse(line.slice(begin, line.lastIndexOf("}") + 1));
  } catch {
    return undefined;
  }
}
