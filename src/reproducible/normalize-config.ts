/** The config of an image -> one that says the same, in the same words, whichever engine built it. */
import type { ImageConfig } from "../archive/image-json.ts";

export interface NormalizedLayer {
  /** Of the uncompressed layer: `sha256:…` */
  diffId: string;
  /** Seconds since 1970. */
  epoch: number;
  /** Place among the image's layers as the engine built it, counted from zero. */
  index: number;
}

/**
 * @param layers those that are left, lowest first
 * @param epoch seconds since 1970: when the image was made
 * @returns JSON, its keys in the order of the alphabet
 */
export function normalizeConfig(
  config: ImageConfig,
  layers: readonly NormalizedLayer[],
  epoch: number,
): Uint8Array {
  const kept = pick(config, [
    "architecture",
    "author",
    "os",
    "os.features",
    "os.version",
    "variant",
  ]);
  const normalized = {
    ...kept,
    config: pick(config.config ?? {}, RUN_KEYS),
    created: isoTime(epoch),
    history: normalizeHistory(config, layers),
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  };
  return new TextEncoder().encode(JSON.stringify(sortKeys(normalized)));
}

/** As engines write it: no fraction of a second. */
export function isoTime(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

// --- internal ---

/**
 * How a container is run (OCI Image Format Specification, "Image Configuration", and Docker
 * Image Specification v1.2). What is left out describes the container that built the image.
 */
const RUN_KEYS = [
  ...["Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "OnBuild"],
  ...["Shell", "StopSignal", "StopTimeout", "User", "Volumes", "WorkingDir"],
];

/** Those of the keys that say something. */
function pick(values: Readonly<Record<string, unknown>>, keys: readonly string[]): object {
  const said = keys
    .map((key) => [key, values[key]] as const)
    .filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(said);
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

/** One entry for each layer: what else happened stands in the config, which words it once only. */
function normalizeHistory({ history }: ImageConfig, layers: readonly NormalizedLayer[]): object[] {
  const ofLayers = (history ?? []).filter(({ empty_layer }) => empty_layer !== true);
  return layers.map(({ epoch, index }) => ({
    created: isoTime(epoch),
    created_by: ofLayers[index]?.created_by ?? "",
  }));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sortKeys(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
