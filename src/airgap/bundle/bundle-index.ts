/** The index of a bundle, `nua-bundle.json`: apps, images, exchanges and blobs. */
import * as v from "valibot";
import { digestSchema, parseDocument } from "../../images/archive/image-json.ts";
import type { ArchivePlace } from "../../lib/archive-error.ts";
import { exchangeKey, exchangeSchema, missingSchema } from "../../protocol/exchanges.ts";

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits"));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const line = v.pipe(v.string(), v.regex(/^[^\p{Cc}]*$/u, "expected one line"));

const blobSchema = v.strictObject({
  /** Of the uncompressed content. */
  sha256: hex,
  /** Of the uncompressed content. */
  bytes: count,
  stored: v.strictObject({ bytes: count, compression: v.picklist(["none", "zstd"]) }),
});

const appSchema = v.strictObject({
  tag: line,
  /** Of its folder; the far side has it under this name again. */
  name: v.pipe(line, v.regex(/^(?!\.{1,2}$)[^/]+$/, "expected the name of a folder")),
  /** Its nua-config file, relative to the folder; null where it has none. */
  config: v.nullable(v.pipe(line, v.check(isInside, "expected a path below the app's folder"))),
  /** The blob with a tar of its folder. */
  source: hex,
});

const imageSchema = v.strictObject({
  tag: line,
  /** The blob with its config; its digest is the image's id in most engines. */
  config: hex,
  /** Lowest first. */
  layers: v.array(v.strictObject({ diffId: digestSchema, content: hex })),
});

/** Which bundle a file goes together with. */
const referenceSchema = v.strictObject({
  /** SHA-256 of its index. */
  index: hex,
  /** Of its file, without folder. */
  name: line,
});

const indexSchema = v.strictObject({
  version: v.literal(1, "written by another version of nua-build"),
  /** The version of nua-build that wrote it. */
  tool: line,
  /** The setting linux-base that the base images were made with: they are current with it only. */
  linuxBase: line,
  /** The setting app that they were planned with; empty: none. */
  app: v.optional(line, ""),
  apps: v.array(appSchema),
  images: v.array(imageSchema),
  exchanges: v.array(exchangeSchema),
  /** Those in this file, sorted. */
  blobs: v.pipe(
    v.array(blobSchema),
    v.check((blobs) => isSorted(blobs), "expected sorted digests, each once"),
  ),
  /** Of a difference bundle: the older one, and the blobs that only that one has, sorted. */
  since: v.nullable(v.strictObject({ ...referenceSchema.entries, absent: v.array(hex) })),
  /** Of a request for what a build from a bundle has missed; null in a bundle. */
  request: v.nullable(
    v.strictObject({
      /** The bundle that the build was made from. */
      bundle: v.nullable(referenceSchema),
      missing: v.array(missingSchema),
      /** Blobs that the far side has already, sorted. */
      held: v.array(hex),
    }),
  ),
});

export type BundleIndex = v.InferOutput<typeof indexSchema>;
export type BundleApp = BundleIndex["apps"][number];
export type BundleImage = BundleIndex["images"][number];
export type BundleBlob = BundleIndex["blobs"][number];
export type BundleReference = v.InferOutput<typeof referenceSchema>;
export type BundleRequest = NonNullable<BundleIndex["request"]>;

/** What it is about, which is the same however its blobs are stored. */
export type BundleSubject = Pick<BundleIndex, "linuxBase" | "apps" | "images" | "exchanges"> &
  Partial<Pick<BundleIndex, "app">>;

/** The name of a blob's member. */
export function blobMember({ sha256, stored }: BundleBlob): string {
  return `blobs/${sha256}${stored.compression === "zstd" ? ".zst" : ""}`;
}

/** The same bytes for the same index, in whatever order its parts were found. */
export function formatIndex(index: BundleIndex): Uint8Array {
  const exchanges = index.exchanges.map((exchange) => ({
    ...v.parse(exchangeSchema, exchange),
    headers: sortKeys(exchange.headers),
  }));
  const ordered: BundleIndex = {
    version: index.version,
    tool: index.tool,
    linuxBase: index.linuxBase,
    app: index.app,
    apps: sortBy(index.apps, ({ tag }) => tag),
    images: sortBy(index.images, ({ tag }) => tag),
    exchanges: withoutDoubles(sortBy(exchanges, exchangeKey)),
    blobs: index.blobs,
    since: index.since,
    request: index.request,
  };
  return new TextEncoder().encode(`${JSON.stringify(ordered)}\n`);
}

/** @throws NuaError (archive) for bytes of another shape */
export function parseIndex(bytes: Uint8Array, place: ArchivePlace): BundleIndex {
  return parseDocument(indexSchema, bytes, place);
}

/** Where texts stand among each other, whatever language the machine speaks. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

export function sortBy<T>(list: readonly T[], key: (entry: T) => string): T[] {
  return [...list].sort((one, other) => compareText(key(one), key(other)));
}

// --- internal ---

function isInside(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.split("/").includes("..");
}

function isSorted(blobs: readonly { sha256: string }[]): boolean {
  return blobs.every(({ sha256 }, at) => at === 0 || blobs[at - 1]!.sha256 < sha256);
}

function sortKeys(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(sortBy(Object.entries(record), ([key]) => key));
}

/** Two layers of an app may have read the very same for the same reason. */
function withoutDoubles<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((entry) => [JSON.stringify(entry), entry])).values()];
}
