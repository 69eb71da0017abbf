/** Opens the source that a configuration names, as a source tree. */
import type { Session } from "../session/session.ts";
import { folderTree } from "./folder-tree.ts";
import type { RunElsewhere } from "./git/script-run.ts";
import type { NamedSource } from "./named-source.ts";
import type { Source } from "./source.ts";

export interface SourceRequest {
  source: NamedSource;
  /** The app's folder. */
  root: string;
  /** What build.manifest takes of it; null for all. */
  chosen: readonly string[] | null;
}

/**
 * @param runElsewhere for git where this machine has none
 * @param session with the credentials of the app's own addresses
 * @throws NuaError (input, transient) when the source cannot be had, or is another one
 */
export async function openSource(
  request: SourceRequest,
  runElsewhere: RunElsewhere,
  session: Session,
): Promise<Source> {
  const { source, root } = request;
  if (source.kind === "folder") return openFolder(request)!;
  // What fetches is only loaded where something is fetched: `check` is to be instant.
  const { openArchive } = await import("./open-archive-source.ts");
  return openArchive({ source, root, runElsewhere }, session);
}

/** A source in the app's folder; undefined where it would have to be fetched. */
export function openFolder({ source, root, chosen }: SourceRequest): Source | undefined {
  if (source.kind !== "folder") return undefined;
  const tree = folderTree(root, chosen);
  return {
    tree,
    dir: source.dir,
    name: source.dir,
    archive: null,
    [Symbol.asyncDispose]: async () => {},
  };
}
