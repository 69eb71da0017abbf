/** The layers that the agent has packed, as the builder has handed them out. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { AppLayer } from "../shared/agent-input.ts";
import { NuaError } from "../shared/errors.ts";
import type { MissingExchange } from "../shared/exchanges.ts";
import { type LayerFacts, layerFactsSchema, layerFiles } from "../shared/layer-archive.ts";

export interface PackedLayer extends LayerFacts {
  name: AppLayer;
  /** Its tar file; undefined when only the facts were handed out. */
  file: string | undefined;
}

/** Layers of a sealed build, made although inputs of them are missing. */
export class IncompleteLayersError extends NuaError {
  override readonly name = "IncompleteLayersError";
  readonly missing: readonly MissingExchange[];

  constructor(missing: readonly MissingExchange[]) {
    super(
      "input",
      `Build sealed: not among the inputs: ${missing.map(({ url }) => url).join(", ")}`,
    );
    this.missing = missing;
  }
}

/**
 * @throws NuaError (engine) when the builder has handed out something else
 * @throws IncompleteLayersError when some of them lack something
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
  const missing = layers.flatMap((layer) => layer.missing);
  if (missing.length > 0) throw new IncompleteLayersError(missing);
  return layers;
}
