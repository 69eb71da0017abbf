/** Pure: summarizes a bundle for `bundle inspect`. */
import { formatBytes } from "../../lib/format.ts";
import { identify } from "../../registries/identify.ts";
import { formatItem } from "../../registries/item.ts";
import type { BundleFile } from "./bundle-file.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { type FoundItem, listItems, type Need } from "./list-items.ts";

/** Files that belong together, and what all of them lack. */
export interface BundleView {
  /** The oldest first. */
  files: readonly BundleFile[];
  /** Bytes of the contents that are in them, by digest. */
  blobs: ReadonlyMap<string, number>;
  absent: readonly Need[];
}

export interface BundleSummary {
  files: { file: string; index: string; tool: string; hasBinary: boolean }[];
  apps: BundleIndex["apps"];
  /** Bytes: of the uncompressed layers, those that several images have counted in each. */
  images: { tag: string; config: string; layers: number; bytes: number }[];
  kinds: { kind: string; count: number; bytes: number }[];
  items: FoundItem[];
  absent: readonly Need[];
  since: BundleIndex["since"];
  request: BundleIndex["request"];
}

export function describeBundle({ files, blobs, absent }: BundleView): BundleSummary {
  const { index } = files.at(-1)!;
  const items = listItems(index.exchanges);
  const byKind = Map.groupBy(items, ({ kind }) => kind);
  return {
    files: files.map(({ file, id, index: { tool }, hasBinary }) => {
      return { file, index: id, tool, hasBinary };
    }),
    apps: index.apps,
    images: index.images.map(({ tag, config, layers }) => ({
      tag,
      config: `sha256:${config}`,
      layers: layers.length,
      bytes: sum(layers.map(({ content }) => blobs.get(content) ?? 0)),
    })),
    kinds: [...byKind].map(([kind, those]) => {
      return { kind, count: those.length, bytes: sum(those.map(({ bytes }) => bytes)) };
    }),
    items,
    absent,
    since: index.since,
    request: index.request,
  };
}

/** @param verbose whether each thing is named */
export function formatSummary(summary: BundleSummary, verbose: boolean): string {
  const { files, apps, images, kinds, items, absent, since, request } = summary;
  const missing = request?.missing ?? [];
  return [
    ...files.map(({ file, tool, hasBinary }) => {
      return `bundle: ${file}, of nua-build ${tool}${hasBinary ? ", which is in it" : ""}`;
    }),
    ...(since === null ? [] : [`since:  ${since.name}, for ${since.absent.length} contents`]),
    ...apps.map(({ tag, name }) => `app:    ${tag}, folder ${name}`),
    ...images.map(({ tag, bytes, layers }) => {
      const size = bytes === 0 ? "which is not in it" : `${formatBytes(bytes)} in ${layers} layers`;
      return `image:  ${tag}, ${size}`;
    }),
    ...kinds.map(({ kind, count, bytes }) => {
      return `${`${kind}:`.padEnd(7)} ${String(count).padStart(5)}  ${formatBytes(bytes)}`;
    }),
    ...absent.map(({ item, wantedBy }) => `absent: ${formatItem(item, wantedBy)}`),
    ...missing.map((request) => `missed: ${formatItem(identify(request), request.wantedBy)}`),
    ...(verbose ? items.map(formatLine) : []),
  ].join("\n");
}

// --- internal ---

function formatLine(item: FoundItem): string {
  const { bytes, sha256, wantedBy } = item;
  const name = formatItem(item, wantedBy.join(", "));
  return `  ${formatBytes(bytes).padStart(8)}  ${sha256.slice(0, 12)}  ${name}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
