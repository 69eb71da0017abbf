/** Runs commands; the only place in the agent that does. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { CommandError, type NuaError } from "../lib/errors.ts";
import { type Command, formatCommand, type RunCommand } from "../protocol/command.ts";
import type { User } from "../protocol/planned-action.ts";

/** How many lines of a failed command's output are told again. */
export const TAIL_LINES = 30;

/** Seconds between asking a command to end and ending it. */
const GRACE = 10;

/** What a user's processes are started with. */
export interface Identity {
  /** Words before the command's own; they change the user. */
  prefix: readonly string[];
  env: Readonly<Record<string, string>>;
}

/**
 * The whole command, with everything that it starts, belongs to the user: changing the user
 * inside a shell line would only cover its first word.
 */
export const IDENTITIES: Readonly<Record<User, Identity>> = {
  root: { prefix: [], env: { HOME: "/root", USER: "root", LOGNAME: "root" } },
  nua: {
    prefix: ["setpriv", "--reuid=nua", "--regid=nua", "--init-groups", "--"],
    env: { HOME: "/nua", USER: "nua", LOGNAME: "nua", SHELL: "/bin/bash" },
  },
};

export interface Executor {
  /**
   * Does one command, and what it leads to.
   * @throws CommandError (build) when a program ends with another status than 0 or too late
   */
  execute(command: Command): Promise<void>;
}

export interface ExecutorOptions {
  env: Readonly<Record<string, string | undefined>>;
  identities: Readonly<Record<User, Identity>>;
  /** Takes what programs print, as it comes. */
  write: (text: string) => void;
  /** Takes warnings. */
  warn: (text: string) => void;
  /** Told of each program before it is started. */
  onRun?: (command: RunCommand) => void | Promise<void>;
  /**
   * Told of each program that has failed; it may have others run.
   * @returns what to throw in place of the program's error
   */
  onFailure?: (
    command: RunCommand,
    error: CommandError,
    others: OtherPrograms,
  ) => Promise<NuaError | undefined>;
}

export interface OtherPrograms {
  /** Runs a program whatever comes of it. */
  attempt(command: RunCommand): Promise<void>;
  /** Runs a program, and gives what it prints. @throws CommandError (build) when it fails */
  ask(command: RunCommand): Promise<string>;
}

export function createExecutor(options: ExecutorOptions): Executor {
  const attempt = (command: RunCommand) =>
    runProgram(command, options, options.write).catch(() => {});
  const ask = async (command: RunCommand) => {
    let stdout = "";
    await runProgram(command, options, (text) => {
      stdout += text;
    });
    return stdout;
  };
  const execute = async (command: Command): Promise<void> => {
    switch (command.kind) {
      case "warn":
        return options.warn(command.text);
      case "write":
        return writeOwned(command.path, command.text, command.mode);
      case "run":
        await options.onRun?.(command);
        try {
          await runProgram(command, options, options.write);
        } catch (error) {
          if (!(error instanceof CommandError)) throw error;
          throw (await options.onFailure?.(command, error, { attempt, ask })) ?? error;
        }
        return;
      case "derive": {
        for (const following of command.next(await ask(command.query))) await execute(following);
      }
    }
  };
  return { execute };
}

// --- internal ---

function writeOwned(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  // Neither the umask nor an existing file's owner has a say.
  chmodSync(path, mode);
  if (process.getuid?.() === 0) chownSync(path, 0, 0);
}

interface Ending {
  exitCode: number | null;
  reason: string;
}

async function runProgram(
  command: RunCommand,
  options: ExecutorOptions,
  write: (text: string) => void,
): Promise<void> {
  const identity = options.identities[command.user];
  if (!existsSync(command.cwd)) throw failure(command, null, `there is no folder ${command.cwd}`);
  const child = spawn(
    // One pipe for both streams, or errors would be shown before the lines that led to them.
    "bash",
    ["-c", 'exec "$@" 2>&1', "bash", ...identity.prefix, ...command.argv],
    {
      cwd: command.cwd,
      env: { ...options.env, ...identity.env, ...command.env },
      stdio: ["ignore", "pipe", "inherit"],
      // A group of its own, so that a time limit ends all that the command has started.
      detached: true,
    },
  );
  const tail = createTail();
  const decoder = new StringDecoder("utf8");
  child.stdout?.on("data", (chunk: Buffer) => {
    const text = decoder.write(chunk);
    tail.add(text);
    write(text);
  });
  const { exitCode, reason } = await waitFor(child, command.timeout);
  if (exitCode === 0) return;
  throw failure(command, exitCode, reason, tail.lines());
}

function failure(
  command: RunCommand,
  exitCode: number | null,
  reason: string,
  tail: readonly string[] = [],
): CommandError {
  return new CommandError(
    command.blames ?? "build",
    `Run "${formatCommand(command)}": ${reason}`,
    { argv: command.argv, exitCode, tail: tail.join("\n") },
    { step: command.from },
  );
}

function waitFor(child: ChildProcess, timeout: number): Promise<Ending> {
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended by itself.
    }
  };
  let late = false;
  const timers = [
    setTimeout(() => {
      late = true;
      signalGroup("SIGTERM");
    }, timeout * 1000),
    setTimeout(() => signalGroup("SIGKILL"), (timeout + GRACE) * 1000),
  ];
  return new Promise((resolve) => {
    const end = (ending: Ending) => {
      // Those of the group that did not listen; without a time limit they may stay.
      if (late) signalGroup("SIGKILL");
      for (const timer of timers) clearTimeout(timer);
      resolve(ending);
    };
    child.once("error", (error) => end({ exitCode: null, reason: error.message }));
    child.once("exit", (exitCode, signal) => {
      const reason = late
        ? `it took more than ${timeout} seconds`
        : exitCode === null
          ? `signal ${signal} ended it`
          : `it ended with status ${exitCode}`;
      const ending = { exitCode: late ? null : exitCode, reason };
      child.once("close", () => end(ending));
      // A process left in the background may hold the pipe open for ever.
      timers.push(
        setTimeout(() => {
          child.stdout?.destroy();
          end(ending);
        }, 1000),
      );
    });
  });
}

/** Keeps the last lines of a stream; what a carriage return has overwritten is dropped. */
function createTail(): { add(text: string): void; lines(): string[] } {
  const lines: string[] = [];
  let open = "";
  return {
    add(text) {
      const parts = (open + text).split("\n");
      open = parts.pop() ?? "";
      lines.push(...parts);
      if (lines.length > TAIL_LINES) lines.splice(0, lines.length - TAIL_LINES);
    },
    lines: () =>
      [...lines, open]
        .map((line) => line.replace(/\r+$/, "").replace(/^.*\r/, ""))
        .filter((line) => line !== "")
        .slice(-TAIL_LINES),
  };
}
