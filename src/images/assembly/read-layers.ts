/** Reads the layers that the builder has exported. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { NuaError } from "../../lib/errors.ts";
import { openRegular } from "../../lib/regular-file.ts";
import type { AppLayer } from "../../protocol/agent-input.ts";
import { type LayerFacts, layerFactsSchema, layerFiles } from "../../protocol/layer-archive.ts";
import { MissingExchangesError } from "../../session/input-source.ts";

export interface PackedLayer extends LayerFacts {
  name: AppLayer;
  /** Its tar file; undefined when only the facts were handed out. */
  file: string | undefined;
}

/**
 * @throws NuaError (engine) when the builder has handed out something else
 * @throws MissingExchangesError when inputs of some of them were missing
 */
export async function readLayers(
  folder: string,
  names: readonly AppLayer[],
): Promise<PackedLayer[]> {
  const layers = await Promise.all(
    names.map(async (name) => {
      const { tar, facts } = layerFiles(name);
      const file = join(folder, tar);
      try {
        const known = v.parse(layerFactsSchema, JSON.parse(await readFacts(join(folder, facts))));
        const size = await sizeOf(file);
        if (size !== undefined && size !== known.bytes) throw new Error(`${tar} has ${size} bytes`);
        return { name, ...known, file: size === undefined ? undefined : file };
      } catch (cause) {
        throw new NuaError("engine", `Read layer "${name}" that was built: ${String(cause)}`, {
          hint: "build again with --no-cache",
          cause,
        });
      }
    }),
  );
  const missing = layers.flatMap((layer) => layer.missing);
  if (missing.length > 0) throw new MissingExchangesError(missing);
  return layers;
}

// --- internal ---

/** Bytes: what a layer lacks may be a long list. */
const FACTS_LIMIT = 16 * 1024 * 1024;

/** What the builder wrote here came out of the app's build: no link in it is followed. */
async function readFacts(file: string): Promise<string> {
  const handle = await openRegular(file);
  try {
    if ((await handle.stat()).size > FACTS_LIMIT) throw new Error(`"${file}" is too large`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** @returns undefined where there is none */
async function sizeOf(file: string): Promise<number | undefined> {
  const info = await lstat(file).catch(() => undefined);
  if (info === undefined || info.isFile()) return info?.size;
  throw new Error(`"${file}" is no file`);
}
