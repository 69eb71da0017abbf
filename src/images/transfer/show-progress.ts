/** Shows the progress of writing an archive. */
import { formatBytes } from "../../lib/format.ts";
import type { Session } from "../../session/session.ts";

/** @returns to be called with the bytes so far */
export function showProgress(session: Session): (bytes: number) => void {
  const begin = performance.now();
  let shown = begin;
  return (bytes) => {
    const now = performance.now();
    if (now - shown < PROGRESS_INTERVAL) return;
    shown = now;
    const speed = bytes / ((now - begin) / 1000);
    session.report.progress(`${formatBytes(bytes)}, ${formatBytes(speed)}/s`);
  };
}

// --- internal ---

/** Milliseconds between two reports. */
const PROGRESS_INTERVAL = 200;
