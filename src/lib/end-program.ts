/** Ends a program that nua-build has started, with all of its children. */

/**
 * Ends a program when a signal is aborted, with all that it has started: it leads a group of
 * processes of its own. What does not end in time is killed.
 * @param patience milliseconds to wait before it is asked to end
 * @returns `begin` ends it without a signal; `over` is to be called when it has ended
 */
export function endWith(
  signal: AbortSignal | undefined,
  pid: () => number | undefined,
  patience: () => number | undefined = () => undefined,
): { begin(): void; over(): void } {
  let waiting: NodeJS.Timeout | undefined;
  let killing: NodeJS.Timeout | undefined;
  const send = (name: "SIGTERM" | "SIGKILL") => {
    try {
      const leader = pid();
      if (leader !== undefined) process.kill(-leader, name);
    } catch {
      // It has ended in the meantime.
    }
  };
  const end = () => {
    send("SIGTERM");
    killing ??= setTimeout(() => send("SIGKILL"), GRACE);
  };
  const begin = () => {
    const wait = patience() ?? 0;
    if (wait === 0) end();
    else waiting ??= setTimeout(end, wait);
  };
  signal?.addEventListener("abort", begin);
  return {
    begin,
    over: () => {
      signal?.removeEventListener("abort", begin);
      clearTimeout(waiting);
      clearTimeout(killing);
    },
  };
}

// --- internal ---

/** Milliseconds that a program is given to end by itself when it is asked to. */
const GRACE = 10_000;
