/** Commands of the agent, as data: made from planned commands, run by the executor. */

import { formatWords } from "../lib/shell-words.ts";
import { BUILD_TIMEOUT, type User } from "./planned-action.ts";

/** A program to run. Its output is shown; any exit status but 0 ends the build. */
export interface RunCommand {
  kind: "run";
  argv: readonly string[];
  user: User;
  cwd: string;
  /** Added to the agent's environment; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Seconds. */
  timeout: number;
  /** The key of the nua-config, or the file of the app, that it comes from. */
  from?: string;
  /** Whose fault it is when it fails; the build's own by default. */
  blames?: "input";
}

/** A file to write, owned by root. */
export interface WriteCommand {
  kind: "write";
  path: string;
  text: string;
  mode: number;
}

/** Commands that depend on what a program prints; nothing of its output is shown. */
export interface DeriveCommand {
  kind: "derive";
  query: RunCommand;
  next: (stdout: string) => Command[];
}

/** Something that a person should know, and that does not end the build. */
export interface WarnCommand {
  kind: "warn";
  text: string;
}

export type Command = RunCommand | WriteCommand | DeriveCommand | WarnCommand;

type RunOptions = Partial<Omit<RunCommand, "kind" | "argv">>;

/** A program of root's in "/", unless the options say otherwise. */
export function run(argv: readonly string[], options: RunOptions = {}): RunCommand {
  return { kind: "run", argv, user: "root", cwd: "/", timeout: BUILD_TIMEOUT, ...options };
}

/** A shell line: bash, so that packages may use what it knows. */
export function shell(line: string, options: RunOptions = {}): RunCommand {
  return run(["bash", "-c", line], options);
}

export function warn(text: string): WarnCommand {
  return { kind: "warn", text };
}

/** A command as a person would type it. */
export function formatCommand({ argv }: Pick<RunCommand, "argv">): string {
  return formatWords(argv);
}
