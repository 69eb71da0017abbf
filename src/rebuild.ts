/** `verify --rebuild`: builds the source again, and compares the image with an archive. */
import { runPipeline } from "./build.ts";
import type { BuiltApp, Goal } from "./goal.ts";
import { type ArchiveSummary, readArchive } from "./images/archive/read-archive.ts";
import { compareImage, type Difference } from "./images/reproducible/compare-image.ts";
import { normalizeSaved } from "./images/transfer/normalize-in-engine.ts";
import { tryImage } from "./keep-image.ts";
import { NuaError } from "./lib/errors.ts";
import { ANEW } from "./options.ts";
import type { Session } from "./session/session.ts";
import { findBaseLayers, normalizedFolder } from "./steps/normalize-image.ts";

export interface RebuildRequest {
  /** The archive; it has to be reproducible. */
  file: string;
  /** The app's folder, or its config file. */
  path: string;
}

/**
 * Builds an app without any cache, at the archive's own time, and compares. The engine holds
 * afterwards what it held before.
 * @returns the first difference; undefined when the archive comes out to its last byte
 * @throws NuaError with the code of what went wrong; (archive) when the archive is damaged
 */
export async function rebuild(
  { file, path }: RebuildRequest,
  session: Session,
): Promise<Difference | undefined> {
  session.report.step(`Read ${file}`);
  const summary = await readArchive(file);
  const tags: string[] = [];
  const goal: Goal<Difference | undefined> = {
    wants: ({ tag }) => {
      tags.push(tag);
      return summary.tags.includes(tag);
    },
    ...tryImage((app, session) => compare({ file, summary }, app, session)),
  };
  const compared = await runPipeline({ ...ANEW, path }, goal, session);
  if (compared.length > 0) return compared.find((difference) => difference !== undefined);
  const how = `it is ${summary.tags.join(", ")}, rebuilt ${tags.at(-1)}`;
  return { subject: "the tag", place: "manifest", how };
}

// --- internal ---

async function compare(
  { file, summary }: { file: string; summary: ArchiveSummary },
  { plan: { tag }, image, context }: Pick<BuiltApp, "plan" | "image" | "context">,
  session: Session,
): Promise<Difference | undefined> {
  const baseLayers = await findBaseLayers(image, session);
  const epoch = epochOf(summary.config.created, file);
  const folder = normalizedFolder(context);
  const rebuilt = await normalizeSaved({ image, tag, baseLayers, epoch, folder }, session);
  return compareImage({ file, summary }, rebuilt);
}

function epochOf(created: string | null | undefined, file: string): number {
  const time = Date.parse(created ?? "");
  if (!Number.isNaN(time)) return Math.floor(time / 1000);
  throw new NuaError("archive", `Read archive "${file}": its image does not say when it was made`, {
    file,
    hint: "build it with --reproducible",
  });
}
