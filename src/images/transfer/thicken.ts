/** `thicken`: completes a thin archive with the layers of its base images. */

import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";
import { openArchive } from "../archive/open-archive.ts";
import { readArchive } from "../archive/read-archive.ts";
import { type SavedArchive, writeArchive } from "../archive/write-archive.ts";
import type { ArchiveOptions } from "./archive-options.ts";

/**
 * The result has the same bytes as an archive that was never thin.
 * @param bases archives that together hold the layers that are left out
 * @throws NuaError (archive) when one is damaged, (input) when layers are still missing
 */
export async function thicken(
  request: { thin: string; bases: readonly string[]; target: string; options: ArchiveOptions },
  session: Session,
): Promise<SavedArchive> {
  const { thin, bases, target, options } = request;
  const attempt = `Complete archive "${thin}"`;
  const summary = await readArchive(thin);
  const summaries = await Promise.all(bases.map((base) => readArchive(base)));
  const held = new Set(summaries.flatMap(({ layers }) => layers.map(({ digest }) => digest)));
  const missing = summary.needs.filter(({ layers }) =>
    layers.some(({ digest }) => !held.has(digest)),
  );
  if (missing.length > 0) {
    const tags = missing.map(({ tag }) => tag).join(", ");
    throw new NuaError("input", `${attempt}: it needs layers of ${tags}, which no file has`, {
      hint: `where it was made: nua-build save ${tags}`,
    });
  }
  const [tag = ""] = summary.tags;
  const { chunks } = await openArchive(thin, attempt);
  const opened = await Promise.all(bases.map((base) => openArchive(base, attempt)));
  session.report.step(`Save ${target}`);
  return writeArchive({
    source: chunks,
    bases: opened.map((base) => base.chunks),
    expect: { tag, diffIds: summary.layers.map(({ digest }) => digest) },
    target,
    form: options.form,
    signal: session.signal,
  });
}
