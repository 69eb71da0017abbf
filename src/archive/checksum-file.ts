/** `FILE.sha256` beside an archive, as `sha256sum --check` reads it. */
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";

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

/**
 * The checksum that stands beside an archive, in hexadecimal digits; not compared with the
 * archive's bytes.
 * @returns undefined when there is none, it is of another name, or the archive is younger
 */
export async function findChecksum(archive: string): Promise<string | undefined> {
  try {
    const path = `${archive}.sha256`;
    const [recorded, file] = await Promise.all([stat(path), stat(archive)]);
    if (recorded.size > LINE_LIMIT || file.mtimeMs > recorded.mtimeMs) return undefined;
    const [, sha256, name] =
      /^([0-9a-f]{64}) [ *](.+)\n?$/.exec(await readFile(path, "utf8")) ?? [];
    return name === basename(archive) ? sha256 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a checksum file says of an archive, or of its parts, by their names without folder.
 * @returns nothing when there is none
 */
export async function readChecksums(archive: string): Promise<Map<string, string>> {
  const text = await readFile(`${archive}.sha256`, "utf8").catch(() => "");
  const lines = [...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)];
  return new Map(lines.map(([, sha256 = "", name = ""]) => [name, sha256]));
}

// --- internal ---

const LINE_LIMIT = 4096;
