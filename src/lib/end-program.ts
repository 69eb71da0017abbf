/** How programs are ended that nua-build has started: with all that they have started themselves. */

/**
 * Ends a program when a signal is aborted, with all that it has started: it leads a group of
 * processes of its own. What does not end in time is killed.
 * @returns `begin` ends it without a signal; `over` is to be called when it has ended
 */
export function endWith(
  signal: AbortSignal | undefined,
  pid: () => number | undefined,
): { begin(): void; over(): void } {
  let timer: NodeJS.Timeout | undefined;
  const send = (name: "SIGTERM" | "SIGKILL") => {
    try {
      const leader = pid();
      if (leader !== undefined) process.kill(-leader, name);
    } catch {
      // It has ended in the meantime.
    }
  };
  const begin = () => {
    send("SIGTERM");
    timer ??= setTimeout(() => send("SIGKILL"), PATIENCE);
  };
  signal?.addEventListener("abort", begin);
  return {
    begin,
    over: () => {
      signal?.removeEventListener("abort", begin);
      clearTimeout(timer);
    },
  };
}

// --- internal ---

/** Milliseconds that a program is given to end by itself when it is asked to. */
const PATIENCE = 10_000;
