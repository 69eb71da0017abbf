/** The reporter: progress and warnings, always on standard error. */
import type { styleText } from "node:util";
// Without its own reporters: they take as long to load as all the rest of `check`.
import { createConsola, type LogObject } from "consola/core";
import { printable, printableLine, printableOutput } from "../lib/printable.ts";
import { hideCredentials } from "../lib/secrets.ts";
import { isTerminal, STDERR, writeText } from "./output.ts";

export interface Reporter {
  verbosity: Verbosity;
  /** The beginning of a step of the pipeline, or something worth knowing about it. */
  step(text: string): void;
  warn(text: string): void;
  /** Shown with -v. */
  detail(text: string): void;
  /** How far something is, on a terminal; the next one replaces it, an empty one removes it. */
  progress(text: string): void;
  /** A line of a program's output: shown with -vv. */
  output(line: string): void;
}

/** -1 is --quiet, 0 the default, 1 and more are -v, -vv. */
export type Verbosity = number;

export function createReporter(verbosity: Verbosity): Reporter {
  const consola = createConsola({ level: 3, reporters: [{ log: printLine }] });
  const from = (level: number, print: (text: string) => void) => (text: string) => {
    if (verbosity >= level) print(text);
  };
  return {
    verbosity,
    step: from(0, (text) => consola.start(text)),
    warn: from(0, (text) => consola.warn(text)),
    detail: from(1, (text) => consola.info(text)),
    progress: (text) => {
      // Carriage return, and "erase in line" (ECMA-48).
      if (verbosity >= 0 && isTerminal(STDERR))
        writeText(STDERR, `\r\u001b[K${printableLine(text)}`);
    },
    output: from(2, (line) => consola.log(line)),
  };
}

/** The same, with the name of whose it is before each line; without lines that replace others. */
export function labelled(report: Reporter, label: string): Reporter {
  const prefixed = (print: (text: string) => void) => (text: string) => print(`${label}: ${text}`);
  return {
    verbosity: report.verbosity,
    step: prefixed(report.step),
    warn: prefixed(report.warn),
    detail: prefixed(report.detail),
    progress: () => {},
    output: prefixed(report.output),
  };
}

// --- internal ---

type Style = Parameters<typeof styleText>[0];

/** What stands before a line, by its kind. */
const MARKS: Readonly<Record<string, { mark: string; style: Style }>> = {
  start: { mark: "◐", style: "magenta" },
  info: { mark: "ℹ", style: "cyan" },
  warn: { mark: " WARN ", style: ["bgYellow", "black"] },
};

function printLine({ type, args }: LogObject): void {
  const { mark = "", style = "reset" } = MARKS[type] ?? {};
  const shown = hasColour() ? paint(style, mark) : mark;
  const given = hideCredentials(args.map(String).join(" "));
  // Colours are a build's output only, which is what stands without a mark.
  const text = mark === "" ? printableOutput(given, hasColour()) : printable(given);
  const line = mark === "" ? text : `${shown} ${text}`;
  // A warning may have several lines, and stands apart.
  writeText(STDERR, type === "warn" ? `\n${line}\n\n` : `${line}\n`);
}

/** Source: no-color.org, force-color.org. */
function hasColour(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== "0" : isTerminal(STDERR);
}

/** What styles text is slow to load as well. */
function paint(style: Style, text: string): string {
  return process.getBuiltinModule("node:util").styleText(style, text, { validateStream: false });
}
