/** `FILE.sha256` beside an archive, as `sha256sum --check` reads it. */
import { basename } from "node:path";
import { findFile, openRegular } from "../../lib/regular-file.ts";

export interface Checksum {
  file: string;
  /** In hexadecimal digits. */
  sha256: string;
}

/** Two spaces: read as binary, which on Linux makes no difference. The names have no folder. */
export function formatChecksums(files: readonly Checksum[]): Uint8Array {
  const lines = files.map(({ file, sha256 }) => `${sha256}  ${basename(file)}\n`);
  return new TextEncoder().encode(lines.join(""));
}

/** Its path, beside the archive's. */
export function checksumName(archive: string): string {
  return `${archive}.sha256`;
}

/**
 * What a checksum file says of an archive, or of its parts, by their names without folder.
 * @returns nothing when there is none, or it is too long to be one
 * @throws an error when something else than a regular file has its name
 */
export async function readChecksums(archive: string): Promise<Map<string, string>> {
  const file = checksumName(archive);
  if ((await findFile(file)) === undefined) return new Map();
  const handle = await openRegular(file, { follow: true });
  try {
    const { size } = await handle.stat();
    const text = size > LIMIT ? "" : await handle.readFile("utf8");
    const lines = [...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)];
    return new Map(lines.map(([, sha256 = "", name = ""]) => [name, sha256]));
  } finally {
    await handle.close();
  }
}

// --- internal ---

/** Bytes: enough for thousands of parts. */
const LIMIT = 1024 * 1024;
