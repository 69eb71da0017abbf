/** Reports a failure of the agent: to people, then to the host. */

import { CommandError, EXIT_STATUS, NuaError } from "../lib/errors.ts";
import { type AgentReport, formatAgentReport } from "../protocol/agent-report.ts";
import { formatCommand, run } from "../protocol/command.ts";

/** @param step the action that was being run */
export function createAgentReport(error: unknown, step: string): AgentReport {
  const known = error instanceof NuaError ? error : undefined;
  const failed = error instanceof CommandError ? error : undefined;
  return {
    step,
    from: known?.step ?? null,
    command: failed ? formatCommand(run(failed.argv)) : "",
    exitCode: failed?.exitCode ?? null,
    tail: failed ? failed.tail.split("\n").filter((line) => line !== "") : [],
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint ?? null,
    code: reportCode(known),
  };
}

/** The text for standard error; its last line is the one for nua-build. */
export function formatFailure(report: AgentReport, stack?: string): string {
  const { message, from, hint } = report;
  return [
    `error: ${message}`,
    ...(from === null ? [] : [`at: ${from}`]),
    ...(hint === null ? [] : [`hint: ${hint}`]),
    ...(report.code === "bug" && stack !== undefined ? [stack] : []),
    formatAgentReport(report),
    "",
  ].join("\n");
}

export function exitStatusOf({ code }: AgentReport): number {
  return EXIT_STATUS[code];
}

// --- internal ---

function reportCode(error: NuaError | undefined): AgentReport["code"] {
  switch (error?.code) {
    case "usage":
    case "input":
    case "build":
    case "transient":
      return error.code;
    default:
      return "bug";
  }
}
