/** Error messages of clients -> error codes and hints: a table, first match wins. */
import type { CommandError, ErrorCode } from "../lib/errors.ts";
import { CommandError as Failure } from "../lib/errors.ts";
import { type CommandResult, TAIL_LINES } from "../lib/process.ts";

interface FailureKind {
  pattern: RegExp;
  code: ErrorCode;
  message: string;
  hint?: string;
}

const FAILURES: readonly FailureKind[] = [
  {
    pattern: /no space left on device/i,
    code: "archive",
    message: "the disk of the engine is full",
    hint: "free space there: docker system df shows what uses it",
  },
  {
    pattern:
      /cannot connect to the docker daemon|error during connect|connection refused|connection reset|unexpected EOF|transport is closing|error reading from server|server closed|broken pipe/i,
    code: "engine",
    message: "the engine went away",
    hint: "see why in its log (journalctl -u docker), start it again, then repeat the command",
  },
  {
    pattern: /permission denied.*docker\.sock/i,
    code: "engine",
    message: "permission denied on the engine's socket",
    hint: "run as root, or join the group of the engine's socket",
  },
  {
    // Legacy builder; BuildKit 0.8; BuildKit since 0.9.
    pattern: /returned a non-zero code|executor failed running|did not complete successfully/,
    code: "build",
    message: "a command of the Dockerfile failed",
  },
  {
    pattern: /dockerfile parse error|failed to parse dockerfile|unknown instruction/i,
    code: "build",
    message: "the Dockerfile is not valid",
  },
  {
    pattern: /pull access denied|manifest unknown|failed to resolve source metadata/i,
    code: "engine",
    message: "an image that the build starts from cannot be had",
    hint: "pull or load it first; the last lines of the output name it",
  },
];

/** The error for a client that ended with a status that is not 0. */
export function engineFailure(argv: readonly string[], result: CommandResult): CommandError {
  const output = `${result.stdout}\n${result.stderr}`;
  const kind = FAILURES.find(({ pattern }) => pattern.test(output));
  const what = argv.slice(1).find((word) => !word.startsWith("-")) ?? "command";
  const message = `Run "${argv[0]} ${what}": ${kind?.message ?? `it ended with status ${result.exitCode}`}`;
  return new Failure(
    kind?.code ?? "engine",
    message,
    { argv, exitCode: result.exitCode, tail: lastLines(output) },
    { hint: kind?.hint },
  );
}

// --- internal ---

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-TAIL_LINES).join("\n");
}
