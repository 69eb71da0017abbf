/** Prints an error, as text or as JSON. */

import { MissingInputsError } from "../airgap/bundle/missing-error.ts";
import { CommandError, EXIT_STATUS, NuaError } from "../lib/errors.ts";
import { printable, printableLine, printableOutput } from "../lib/printable.ts";
import { hideCredentials } from "../lib/secrets.ts";
import { VERSION } from "../protocol/version.ts";
import { STDERR, STDOUT, writeText } from "../session/output.ts";
import { isInterrupt } from "../session/signals.ts";
import { SeveralError } from "./several-error.ts";

/** Prints on standard error; with --json also one object on standard output. */
export function printError(error: unknown, argv: readonly string[]): void {
  const verbose = argv.some((word) => word === "--verbose" || /^-[a-zA-Z]*v/.test(word));
  writeText(STDERR, formatError(error, verbose));
  if (argv.includes("--json")) {
    const json = JSON.stringify(errorReport(error));
    writeText(STDOUT, `${printable(hideCredentials(json))}\n`);
  }
}

/** The exit status for an error; what is no NuaError is a fault of ours. */
export function errorStatus(error: unknown): number {
  return EXIT_STATUS[error instanceof NuaError ? error.code : "bug"];
}

/**
 * The lines that a person sees, ending with a line break; nothing in them steers a terminal, and
 * what an app's programs have printed shows no password of its files.
 */
export function formatError(error: unknown, verbose = false): string {
  return printable(hideCredentials(formatLines(error, verbose)));
}

/** The same as data, for --json. */
export function errorReport(error: unknown): Record<string, unknown> {
  if (!(error instanceof NuaError)) {
    return { ok: false, code: "bug", status: EXIT_STATUS.bug, message: String(error) };
  }
  if (error instanceof SeveralError) {
    const { code, message, reports } = error;
    return { ok: false, code, status: EXIT_STATUS[code], message, builds: reports };
  }
  const { code, message, hint, file, position, step } = error;
  const command =
    error instanceof CommandError
      ? { command: error.argv, exitCode: error.exitCode, tail: error.tail.split("\n") }
      : {};
  return {
    ok: false,
    code,
    status: EXIT_STATUS[code],
    message,
    hint,
    file,
    position,
    step,
    ...command,
    ...(error instanceof MissingInputsError ? { missing: error.missing } : {}),
  };
}

// --- internal ---

function formatLines(error: unknown, verbose: boolean): string {
  if (!(error instanceof NuaError)) return formatBug(error, verbose);
  if (isInterrupt(error)) {
    return "error: interrupted; nothing was left behind\n";
  }
  if (error instanceof SeveralError) return formatSeveral(error, verbose);
  const lines = [`error: ${error.message}`];
  if (error.step !== undefined) lines.push(`  step: ${error.step}`);
  if (error.file !== undefined) lines.push(`  at: ${place(error)}`);
  if (error instanceof CommandError) {
    lines.push(`  command: ${error.argv.map(quoteForShell).join(" ")}`);
    if (error.exitCode !== null) lines.push(`  status: ${error.exitCode}`);
    if (error.tail.trim() !== "") {
      lines.push(
        "  last lines:",
        ...error.tail.split("\n").map((line) => `    ${printableOutput(line, false)}`),
      );
    }
  }
  if (error.hint !== undefined) lines.push(`  hint: ${error.hint}`);
  if (verbose && error.cause instanceof Error) lines.push(`  cause: ${error.cause.message}`);
  return `${lines.join("\n")}\n`;
}

function formatSeveral({ message, failures }: SeveralError, verbose: boolean): string {
  const each = failures.map(({ path, error }) => `${path}: ${formatError(error, verbose)}`);
  return `${each.join("")}error: ${message}\n`;
}

function formatBug(error: unknown, verbose: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = verbose && error instanceof Error ? `${error.stack}\n` : "";
  return [
    `error: ${message}`,
    `  This is a fault of nua-build ${VERSION}. Please report it with the command and, from a`,
    "  second run with -v, the stack trace.",
    stack,
  ].join("\n");
}

function place({ file, position }: NuaError): string {
  const name = printableLine(String(file));
  return position ? `${name}:${position.line}:${position.column}` : name;
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
