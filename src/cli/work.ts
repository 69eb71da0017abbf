/** Waits for signals, and removes leftovers, while a command changes something. */
import type { Settings } from "../session/settings.ts";
import type { SignalWatch } from "../session/signals.ts";

export interface Work extends AsyncDisposable {
  /** May be called several times: the first one counts. */
  begin(): void;
}

/** From its beginning signals are waited for, and what killed runs have left is removed meanwhile. */
export function createWork(settings: Settings, watch: SignalWatch): Work {
  let ending: Promise<() => Promise<void>> | undefined;
  return {
    begin: () => {
      if (ending !== undefined) return;
      watch.begin();
      ending = sweepBeside(settings, watch.signal);
      ending.catch(() => {});
    },
    [Symbol.asyncDispose]: async () => await (await ending)?.(),
  };
}

// --- internal ---

/** Not loaded for commands that only read. */
async function sweepBeside(settings: Settings, signal: AbortSignal): Promise<() => Promise<void>> {
  const { markEngine, sweep, sweepEngine } = await import("../leftovers/sweep.ts");
  const unmark = markEngine(settings);
  // It is no fault of this call that something is left of another one.
  const wereKilled = await sweep(settings, signal).catch(() => false);
  return async () => {
    // Clients outlive the run that is killed: one that loads an image is done with it only now.
    if (wereKilled) await sweepEngine(settings, signal);
    unmark();
  };
}
