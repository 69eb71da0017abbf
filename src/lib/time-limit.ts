/** Signals that are aborted after a while. */

/** A timer takes no more: 24 days. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** @param milliseconds as a setting has them, however many */
export function timeLimit(milliseconds: number): AbortSignal {
  return AbortSignal.timeout(Math.min(milliseconds, MOST_MILLISECONDS));
}
