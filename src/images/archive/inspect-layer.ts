/** Lists what `inspect` shows of a layer: the nua-config, and the largest files. */
import { archiveError } from "../../lib/archive-error.ts";
import { readWhole } from "../../lib/tar/byte-reader.ts";
import { readTar } from "../../lib/tar/read.ts";
import type { ScannedLayer } from "./scanned-layer.ts";

export interface FileSize {
  /** As it stands in a container: with a leading slash. */
  path: string;
  bytes: number;
}

export interface LayerContents {
  /** The last file of the wanted name, which is the one that an engine unpacks. */
  found: Uint8Array | undefined;
  /** Largest first, at most {@link LARGEST}. */
  largest: FileSize[];
}

/** How many of the largest files are told. */
export const LARGEST = 20;

/**
 * @param wanted path of a file as it stands in layers: without a leading slash
 * @throws NuaError (archive) when the layer is no tar file, or the file has more than 4 MiB
 */
export async function inspectLayer(
  layer: ScannedLayer,
  wanted: string,
  attempt: string,
): Promise<LayerContents> {
  const inLayer = `${attempt}: layer "${layer.name}"`;
  let found: Uint8Array | undefined;
  let largest: FileSize[] = [];
  let least = 0;
  for await (const member of readTar(layer.content, { attempt: inLayer })) {
    if (member.type !== "0") continue;
    const path = member.name.replace(/^\.?\//, "");
    if (path === wanted) {
      const place = { attempt: inLayer, member: member.name, offset: member.offset };
      found = await readWhole(member.content, FILE_LIMIT);
      if (found === undefined) throw archiveError(place, `it has ${member.size} bytes`);
    }
    if (member.size <= least) continue;
    largest.push({ path: `/${path}`, bytes: member.size });
    if (largest.length < 4 * LARGEST) continue;
    largest = largestOf(largest);
    least = largest.at(-1)!.bytes;
  }
  return { found, largest: largestOf(largest) };
}

export function largestOf<File extends FileSize>(files: readonly File[]): File[] {
  return [...files]
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
    .slice(0, LARGEST);
}

// --- internal ---

const FILE_LIMIT = 4 * 1024 * 1024;
