/** A source that is fetched: an archive, or a git revision that becomes one. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { unpackLimits } from "../images/archive/unpack-limits.ts";
import { publicUrl } from "../lib/secrets.ts";
import type { Session } from "../session/session.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { archiveFiles } from "./archive-files.ts";
import { archiveTree } from "./archive-tree.ts";
import { expandZstd } from "./expand-zstd.ts";
import { type FetchSource, fetchSource } from "./fetch-source.ts";
import { packOneFile } from "./one-file.ts";
import type { Source } from "./source.ts";

/** @throws NuaError (input, transient) when the source cannot be had, or is another one */
export async function openArchive(
  { source, ...parts }: Pick<FetchSource, "source" | "root" | "runElsewhere">,
  session: Session,
): Promise<Source> {
  await using made = new AsyncDisposableStack();
  const temp = made.use(await createTempFolder(session.settings.buildDir));
  const file = join(temp.path, "source");
  const work = temp.path;
  const { sha256, detail } = await fetchSource({ ...parts, source, target: file, work }, session);
  const request = {
    file,
    attempt: `Unpack source "${publicUrl(source.url)}"`,
    limits: unpackLimits(session.settings),
    signal: session.signal,
    work,
  };
  if (source.kind === "archive") await packOneFile(request, source.url);
  const found = await archiveTree(request);
  const expanded = join(temp.path, "expanded");
  const { attempt } = request;
  if (await expandZstd({ file, target: expanded, attempt })) await rename(expanded, file);
  const kept = made.move();
  const { tree, top } = found;
  const files = (paths: readonly string[]) => archiveFiles(request, found, paths);
  return {
    ...{ tree, dir: ".", name: source.dir },
    archive: { file, sha256, top, commit: detail ?? null, files },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
