/**
 * `NuaError` and `CommandError`, the error codes, and the exit status of each. The exit status of
 * each is part of the command line's contract: shell scripts branch on it.
 */
export const EXIT_STATUS = {
  /** A fault of nua-build itself. */
  bug: 1,
  /** A wrong flag or word on the command line. */
  usage: 2,
  /** The nua-config is wrong. */
  config: 3,
  /** Something that the build reads is missing or wrong: source, checksum, manifest. */
  input: 4,
  /** A command of the build or of its tests failed. */
  build: 5,
  /** The engine or its client is missing, refuses or died. */
  engine: 6,
  /** The disk or an archive file. */
  archive: 7,
  /** The image was built, but is not what it should be. */
  check: 8,
  /** Likely to work when tried again. */
  transient: 75,
  /** SIGHUP: the terminal was closed, or the connection to it. */
  "hung-up": 129,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGQUIT: Ctrl-\\. */
  quit: 131,
  /** SIGTERM. */
  terminated: 143,
} as const;

export type ErrorCode = keyof typeof EXIT_STATUS;

/** A place in a text file; line and column count from 1. */
export interface Position {
  line: number;
  column: number;
}

export interface ErrorDetails {
  /** What to do next, as an imperative; the place for lists of valid values. */
  hint?: string | undefined;
  /** The file that has to be mended. */
  file?: string | undefined;
  position?: Position | undefined;
  /** The step of the pipeline, or the key of the nua-config, that was being worked on. */
  step?: string | undefined;
  cause?: unknown;
}

/**
 * An error that a user can understand and act on. The message says what was attempted and with
 * what: sentence case, no final period, values in double quotes.
 */
export class NuaError extends Error {
  override readonly name: string = "NuaError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly file: string | undefined;
  readonly position: Position | undefined;
  readonly step: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.file = details.file;
    this.position = details.position;
    this.step = details.step;
  }
}

export interface CommandFailure {
  /** Program and arguments, as they were given to the system. */
  argv: readonly string[];
  /** The exit status; null when a signal ended the command or it never started. */
  exitCode: number | null;
  /** The last lines that it printed. */
  tail: string;
}

/** A command that failed, with what it was and what it said. */
export class CommandError extends NuaError {
  override readonly name = "CommandError";
  readonly argv: readonly string[];
  readonly exitCode: number | null;
  readonly tail: string;

  constructor(
    code: ErrorCode,
    message: string,
    failure: CommandFailure,
    details: ErrorDetails = {},
  ) {
    super(code, message, details);
    this.argv = failure.argv;
    this.exitCode = failure.exitCode;
    this.tail = failure.tail;
  }
}
