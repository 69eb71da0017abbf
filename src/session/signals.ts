/** Turns Ctrl-C, SIGTERM and others into an AbortSignal. */
import { EXIT_STATUS, NuaError } from "../lib/errors.ts";

export interface SignalWatch extends Disposable {
  /** Aborted by the first of the system's signals that comes after {@link SignalWatch.begin}. */
  signal: AbortSignal;
  /**
   * From now on there is something to clean up. Until then the system ends this process by itself,
   * however busy it is with what it reads.
   */
  begin(): void;
}

/**
 * The first signal asks every step to clean up and stop; a second one is not waited for: what is
 * left then, the next run removes.
 */
export function createSignalWatch(): SignalWatch {
  const controller = new AbortController();
  const handlers = SIGNALS.map(([name, code]) => {
    const handler = () => {
      if (controller.signal.aborted) process.exit(EXIT_STATUS[code]);
      controller.abort(new NuaError(code, `Stop: ${name} was received`));
    };
    return [name, handler] as const;
  });
  let hasBegun = false;
  return {
    signal: controller.signal,
    begin: () => {
      if (hasBegun) return;
      hasBegun = true;
      for (const [name, handler] of handlers) process.on(name, handler);
    },
    [Symbol.dispose]: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

/** Whether it was one of the system's signals that ended the work. */
export function isInterrupt(error: unknown): boolean {
  return error instanceof NuaError && SIGNALS.some(([, code]) => code === error.code);
}

// --- internal ---

const SIGNALS = [
  ["SIGHUP", "hung-up"],
  ["SIGINT", "interrupted"],
  ["SIGQUIT", "quit"],
  ["SIGTERM", "terminated"],
] as const;
