/**
 * The only place that starts programs: the engine's client, and what bootstraps a base image.
 */
import { spawn } from "node:child_process";
import { $ } from "zx";
import { CommandError } from "../shared/errors.ts";

export interface RunOptions {
  /** Added to the environment. */
  env?: Record<string, string> | undefined;
  /** Called with each line as it is printed, of either stream. */
  onLine?: ((line: string) => void) | undefined;
  /** Text for standard input; without it the program gets none. */
  input?: string | undefined;
  /** Ends the program with SIGTERM; the call returns when it is gone. */
  signal?: AbortSignal | undefined;
}

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** How many of the last lines a {@link CommandError} keeps. */
export const TAIL_LINES = 30;

/**
 * Runs a program to its end.
 * @returns its exit status and output, whatever the status
 * @throws CommandError (engine) when it cannot be started
 * @throws the signal's reason when it was aborted
 */
export async function runProgram(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const shell = $({
    env: { ...process.env, ...options.env },
    input: options.input ?? "",
    nothrow: true,
    quiet: true,
    // The client gets the signal once, from us: in a terminal the whole group would be told
    // by Ctrl-C as well, and a second one makes it give up without cancelling the build.
    detached: true,
  });
  // exec: the shell of zx makes way, so that signals reach the program itself.
  const child = shell`exec ${argv}`;
  if (options.onLine) {
    onLines(child.stdout, options.onLine);
    onLines(child.stderr, options.onLine);
  }
  const stop = () => void child.kill("SIGTERM").catch(() => {});
  options.signal?.addEventListener("abort", stop);
  const output = await child;
  options.signal?.removeEventListener("abort", stop);
  options.signal?.throwIfAborted();
  if (output.exitCode === 127 || output.exitCode === 126) {
    throw commandError(argv, output.exitCode, output.stderr, "engine");
  }
  return { exitCode: output.exitCode ?? 1, stdout: output.stdout, stderr: output.stderr };
}

/**
 * Reads a program's standard output as bytes, at the reader's pace. The program starts with the
 * reading and does not outlive it. (zx keeps all that a program prints, which for an image is
 * gigabytes: hence node:child_process here.)
 * @throws CommandError (engine) after the last byte, when the program did not end with status 0
 */
export async function* streamProgram(
  argv: readonly string[],
  options: RunOptions = {},
): AsyncGenerator<Uint8Array> {
  options.signal?.throwIfAborted();
  const [command = "", ...rest] = argv;
  const child = spawn(command, rest, {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-64 * 1024);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", (cause) => {
      stderr += String(cause);
      resolve(null);
    });
    child.once("close", resolve);
  });
  const stop = () => child.kill("SIGTERM");
  options.signal?.addEventListener("abort", stop);
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    const exitCode = await ended;
    options.signal?.throwIfAborted();
    if (exitCode !== 0) throw commandError(argv, exitCode, stderr, "engine");
  } finally {
    options.signal?.removeEventListener("abort", stop);
    if (child.exitCode === null && child.signalCode === null) stop();
  }
}

/** A CommandError that keeps the last lines of what the program printed. */
export function commandError(
  argv: readonly string[],
  exitCode: number | null,
  output: string,
  code: "engine" | "build" | "archive",
  message = `Run "${argv.slice(0, 3).join(" ")}": it ended with status ${exitCode ?? "none"}`,
): CommandError {
  const tail = output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  return new CommandError(code, message, { argv, exitCode, tail });
}

// --- internal ---

function onLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.replace(/\r$/, ""));
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
