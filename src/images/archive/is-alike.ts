/** Whether a file is an archive of the same app, of whatever version. */
import { readWhole } from "../../lib/tar/byte-reader.ts";
import { readTar } from "../../lib/tar/read.ts";
import { dockerManifestSchema, parseDocument } from "./image-json.ts";
import { openArchive } from "./open-archive.ts";

/**
 * @param file an archive in any form, or the first of its parts
 * @param tags of the images of the other archive
 * @throws NuaError (archive) when it is no archive
 */
export async function isArchiveOfSame(file: string, tags: readonly string[]): Promise<boolean> {
  const attempt = `Read archive "${file}"`;
  const { chunks, totalBytes } = await openArchive(file, attempt);
  const wanted = new Set(tags.map(repositoryOf));
  for await (const { name, content } of readTar(chunks, { attempt, totalBytes })) {
    if (name !== "manifest.json") continue;
    const bytes = await readWhole(content, DOCUMENT_LIMIT);
    if (bytes === undefined) return false;
    const images = parseDocument(dockerManifestSchema, bytes, { attempt, member: name });
    return images.some(({ RepoTags }) => RepoTags?.some((tag) => wanted.has(repositoryOf(tag))));
  }
  return false;
}

// --- internal ---

/** Bytes; what is longer was not written by us. */
const DOCUMENT_LIMIT = 4 * 1024 * 1024;

/** Podman writes out whose images those without a registry are. */
function repositoryOf(tag: string): string {
  return tag.replace(/:[^:/]*$/, "").replace(/^localhost\//, "");
}
