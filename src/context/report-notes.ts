/** Reports which files were left out of an app's folder, and why. */

import { showPath } from "../lib/byte-path.ts";
import type { Reporter } from "../session/reporter.ts";
import type { Note } from "../source/left-out.ts";
import type { PathNote } from "./stage-tree.ts";

/** One message for each kind, with the first paths of it. */
export function reportNotes(
  notes: readonly PathNote[],
  report: Pick<Reporter, "step" | "warn">,
): void {
  for (const [kind, { isWarning, format, hint }] of Object.entries(KINDS)) {
    const own = notes.filter(({ note }) => note.kind === kind);
    if (own.length === 0) continue;
    const lines = own
      .slice(0, SHOWN)
      .map(({ path, note }) => format(`"${showPath(path)}"`, showPath(note.detail)));
    if (own.length > SHOWN) lines.push(`and ${own.length - SHOWN} more`);
    if (hint !== undefined) lines.push(hint);
    const text = lines.join("\n");
    if (isWarning) report.warn(text);
    else report.step(text);
  }
}

// --- internal ---

/** Of each kind. */
const SHOWN = 20;

interface Kind {
  isWarning: boolean;
  format(path: string, detail: string): string;
  hint?: string;
}

const leftOut = (path: string, detail: string) => `Left out ${path}: ${detail}`;

const KINDS: Readonly<Record<Note["kind"], Kind>> = {
  secret: {
    isWarning: true,
    format: (path, detail) => leftOut(path, `it may hold secrets (${detail})`),
    hint: "to take one all the same, name it in build.manifest, or in .dockerignore after a !",
  },
  "outside-link": {
    isWarning: true,
    format: (path, detail) =>
      `${path} is kept as a link that leads out of the app's folder, to "${detail}"`,
  },
  special: { isWarning: true, format: (path, detail) => leftOut(path, `it is ${detail}`) },
  vanished: { isWarning: true, format: leftOut },
  needed: {
    isWarning: false,
    format: (path) => `Taken although .dockerignore leaves it out: ${path}, which the build needs`,
  },
  installed: { isWarning: false, format: leftOut },
  output: { isWarning: false, format: leftOut },
};
