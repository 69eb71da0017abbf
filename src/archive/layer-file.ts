/** Looks for one file in a layer that comes by. */
import { archiveError } from "./archive-error.ts";
import { readWhole } from "./byte-reader.ts";
import { readTar } from "./read-tar.ts";
import type { ScannedLayer } from "./scanned-layer.ts";

/**
 * The last file of that name, which is the one that an engine unpacks.
 * @param path as it stands in layers: without a leading slash
 * @throws NuaError (archive) when the layer is no tar file, or the file has more than 4 MiB
 */
export async function findLayerFile(
  layer: ScannedLayer,
  path: string,
  attempt: string,
): Promise<Uint8Array | undefined> {
  const inLayer = `${attempt}: layer "${layer.name}"`;
  let found: Uint8Array | undefined;
  for await (const member of readTar(layer.content, { attempt: inLayer })) {
    if (member.type !== "0" || member.name.replace(/^\.?\//, "") !== path) continue;
    const place = { attempt: inLayer, member: member.name, offset: member.offset };
    found = await readWhole(member.content, FILE_LIMIT);
    if (found === undefined) throw archiveError(place, `it has ${member.size} bytes`);
  }
  return found;
}

// --- internal ---

const FILE_LIMIT = 4 * 1024 * 1024;
