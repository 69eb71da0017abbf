/** Ctrl-C and SIGTERM, as a signal that every step honours. */
import { EXIT_STATUS, NuaError } from "./shared/errors.ts";

export interface SignalWatch extends Disposable {
  signal: AbortSignal;
}

/** The first signal asks every step to clean up and stop; a second one is not waited for. */
export function watchSignals(): SignalWatch {
  const controller = new AbortController();
  const handlers = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const code = name === "SIGINT" ? "interrupted" : "terminated";
    const handler = () => {
      if (controller.signal.aborted) process.exit(EXIT_STATUS[code]);
      controller.abort(new NuaError(code, `Stop: ${name} was received`));
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
