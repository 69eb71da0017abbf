/**
 * Writes to standard output and standard error without the runtime's streams, which are slow to
 * load.
 */
import { writeSync } from "node:fs";

export const STDOUT = 1;
export const STDERR = 2;

/** Writes all of a text. A reader that stops early, such as head, is no fault. */
export function writeText(descriptor: typeof STDOUT | typeof STDERR, text: string): void {
  let rest = Buffer.from(text, "utf8");
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // Somebody has made the pipe non-blocking, and it is full.
      if (codeOf(error) === "EAGAIN") Atomics.wait(NEVER, 0, 0, PAUSE);
      else return;
    }
  }
}

/** Whether a person sees it. The runtime's module for that is slow to load: only when asked. */
export function isTerminal(descriptor: typeof STDOUT | typeof STDERR): boolean {
  return process.getBuiltinModule("node:tty").isatty(descriptor);
}

// --- internal ---

/** Milliseconds. */
const PAUSE = 5;

const NEVER = new Int32Array(new SharedArrayBuffer(4));

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
