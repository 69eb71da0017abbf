/** Makes a source tree of whatever the configuration names. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedConfig } from "../config/load-config.ts";
import { unpackLimits } from "../images/archive/unpack-limits.ts";
import { publicUrl } from "../lib/secrets.ts";
import type { Session } from "../session/session.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { archiveTree } from "./archive-tree.ts";
import { expandZstd } from "./expand-zstd.ts";
import { fetchSource } from "./fetch-source.ts";
import { folderTree } from "./folder-tree.ts";
import { type NamedSource, nameSource } from "./named-source.ts";
import type { Source } from "./source.ts";
import { findSourceFolder } from "./source-folder.ts";

/**
 * @param loaded with the addresses of its own in the session's credentials
 * @throws NuaError (input, transient) when the source cannot be had, or is another one
 */
export async function openSource(loaded: LoadedConfig, session: Session): Promise<Source> {
  const source = nameSource(loaded.config, loaded.fields, findSourceFolder(loaded));
  return source.kind === "folder"
    ? folderSource(loaded, source.dir)
    : openArchive(source, loaded.root, session);
}

/** As much of a source as is here without fetching anything; undefined where that is nothing. */
export function openFolder(loaded: LoadedConfig): Source | undefined {
  const source = nameSource(loaded.config, loaded.fields, findSourceFolder(loaded));
  return source.kind === "folder" ? folderSource(loaded, source.dir) : undefined;
}

// --- internal ---

function folderSource({ root, config }: LoadedConfig, dir: string): Source {
  const manifest = config.build?.manifest ?? null;
  const chosen = manifest === null || Array.isArray(manifest) ? manifest : [manifest];
  const tree = folderTree(root, chosen);
  return { tree, dir, archive: null, [Symbol.asyncDispose]: async () => {} };
}

async function openArchive(
  source: Exclude<NamedSource, { kind: "folder" }>,
  root: string,
  session: Session,
): Promise<Source> {
  await using made = new AsyncDisposableStack();
  const temp = made.use(await createTempFolder(session.settings.buildDir));
  const file = join(temp.path, "source");
  const work = temp.path;
  const { sha256, detail } = await fetchSource({ source, root, target: file, work }, session);
  const attempt = `Unpack source "${publicUrl(source.url)}"`;
  const { signal } = session;
  const limits = unpackLimits(session.settings);
  const { tree, top } = await archiveTree({ file, attempt, limits, signal });
  const expanded = join(temp.path, "expanded");
  if (await expandZstd({ file, target: expanded, attempt })) await rename(expanded, file);
  const kept = made.move();
  return {
    ...{ tree, dir: "." },
    archive: { file, sha256, top, commit: detail ?? null },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
