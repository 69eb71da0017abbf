/** The layers that the agent has packed, as the builder has handed them out. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { AppLayer } from "../shared/agent-input.ts";
import { NuaError } from "../shared/errors.ts";
import { type LayerFacts, layerFactsSchema, layerFiles } from "../shared/layer-archive.ts";

export interface PackedLayer extends LayerFacts {
  name: AppLayer;
  /** Its tar file; undefined when only the facts were handed out. */
  file: string | undefined;
}

/** @throws NuaError (engine) when the builder has handed out something else */
export async function readLayers(
  folder: string,
  names: readonly AppLayer[],
): Promise<PackedLayer[]> {
  return Promise.all(
    names.map(async (name) => {
      const { tar, facts } = layerFiles(name);
      const file = join(folder, tar);
      try {
        const known = v.parse(
          layerFactsSchema,
          JSON.parse(await readFile(join(folder, facts), "utf8")),
        );
        const size = (await stat(file).catch(() => undefined))?.size;
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
}
