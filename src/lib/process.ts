/** Runs programs; the only place on the host that does. */
import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
// Without the parts that nothing here uses: they take as long to load as the rest.
import { $ } from "zx/core";
import { endWith } from "./end-program.ts";
import { CommandError, NuaError } from "./errors.ts";
import { freeingBuffers } from "./free-buffers.ts";
import { shellQuote } from "./shell-words.ts";

export interface RunOptions {
  /** Added to the environment. */
  env?: Record<string, string> | undefined;
  /** Called with each line as it is printed, of either stream. */
  onLine?: ((line: string) => void) | undefined;
  /** Changes what it prints before anybody sees it. */
  mask?: ((text: string) => string) | undefined;
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
    ...SHELL,
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
  const { onLine, mask = (text) => text } = options;
  if (onLine) {
    onLines(child.stdout, (line) => onLine(mask(line)));
    onLines(child.stderr, (line) => onLine(mask(line)));
  }
  const ending = endWith(options.signal, () => child.pid);
  const output = await child;
  ending.over();
  options.signal?.throwIfAborted();
  // Below zero: the error of the system that kept the shell from being started.
  if (output.exitCode !== null && output.exitCode < 0) throw shellMissing(argv, output);
  if (output.exitCode === 127 || output.exitCode === 126) {
    throw commandError(argv, output.exitCode, mask(output.stderr), "engine");
  }
  return {
    exitCode: output.exitCode ?? 1,
    stdout: mask(output.stdout),
    stderr: mask(output.stderr),
  };
}

/**
 * Reads a program's standard output as bytes, at the reader's pace. The program starts with the
 * reading and does not outlive it. (zx keeps all that a program prints, which for an image is
 * gigabytes: hence node:child_process here.)
 * @throws CommandError (engine) after the last byte, when the program did not end with status 0
 */
export async function* streamProgram(
  argv: readonly string[],
  options: Omit<RunOptions, "input"> & { stdin?: AsyncIterable<Uint8Array> } = {},
): AsyncGenerator<Uint8Array> {
  const child = startPiped(argv, options);
  if (options.stdin === undefined) child.stdin.end();
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
  const ending = endWith(options.signal, () => child.pid);
  const fed = feed(child.stdin, options.stdin);
  try {
    yield* freeingBuffers(child.stdout);
    const exitCode = await ended;
    options.signal?.throwIfAborted();
    const failure = await fed;
    if (failure) throw failure.error;
    if (exitCode !== 0) throw commandError(argv, exitCode, stderr, "engine");
  } finally {
    const isRunning = child.exitCode === null && child.signalCode === null;
    if (isRunning) ending.begin();
    void ended.then(ending.over);
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

export interface PipeOptions extends RunOptions {
  /** Milliseconds for which a program is waited for that has got all of its input; 0 by default. */
  patience?: number;
}

/** A program that is given bytes. */
export interface PipedProgram extends AsyncDisposable {
  stdin: Writable;
  /** Resolves when it has ended, whatever its exit status. */
  ended: Promise<CommandResult>;
}

/**
 * Starts a program that reads its standard input; it does not outlive its block. Its input fails
 * with EPIPE when it ends early: what it then says of itself tells more. One that has got all of
 * its input is given a while to end by itself: ending a client does not stop what its engine has
 * begun, and nobody would know when that is done.
 */
export function pipeProgram(argv: readonly string[], options: PipeOptions = {}): PipedProgram {
  const child = startPiped(argv, options);
  const result: CommandResult = { exitCode: 1, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (result.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
  // Without a listener a program that ends early would end us.
  child.stdin.on("error", () => {});
  const patience = () => (child.stdin.writableEnded ? options.patience : undefined);
  const ending = endWith(options.signal, () => child.pid, patience);
  const ended = new Promise<CommandResult>((resolve) => {
    child.once("error", (cause) => resolve({ ...result, exitCode: 127, stderr: String(cause) }));
    child.once("close", (code) => resolve({ ...result, exitCode: code ?? 1 }));
  });
  return {
    stdin: child.stdin,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) ending.begin();
      await ended;
      ending.over();
    },
  };
}

// --- internal ---

/** A group of its own, so that it can be ended with all that it has started. */
function startPiped(argv: readonly string[], { env, signal }: RunOptions) {
  signal?.throwIfAborted();
  const [command = "", ...rest] = argv;
  return spawn(command, rest, {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
}

/**
 * The shell that every system has. zx would take bash, and whatever variables of the environment
 * by the name of ZX_… say.
 */
const SHELL = {
  shell: "/bin/sh",
  prefix: "",
  postfix: "",
  quote: shellQuote,
};

function shellMissing([program = ""]: readonly string[], cause: unknown): NuaError {
  return new NuaError("engine", `Start "${program}": the shell ${SHELL.shell} cannot be started`, {
    hint: "install it (Debian, Ubuntu: apt-get install dash)",
    cause,
  });
}

/** Writes a source into a program. @returns what the source failed with */
async function feed(
  stdin: Writable,
  source: AsyncIterable<Uint8Array> | undefined,
): Promise<{ error: unknown } | undefined> {
  if (source === undefined) return undefined;
  let isClosed = false;
  stdin.on("error", () => {});
  stdin.once("close", () => {
    isClosed = true;
  });
  try {
    for await (const chunk of source) {
      if (isClosed) return undefined;
      // A copy: the pipe keeps it beyond the time for which the chunk is valid.
      if (stdin.write(Buffer.from(chunk))) continue;
      await new Promise<void>((resolve) => {
        stdin.once("drain", resolve);
        stdin.once("close", resolve);
      });
    }
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    stdin.end();
  }
}

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
