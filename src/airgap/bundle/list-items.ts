/** Pure: lists the packages and files that were read, each once, with their blobs. */
import type { Exchange } from "../../protocol/exchanges.ts";
import { identify } from "../../registries/identify.ts";
import { type Item, itemKey, type LocatedItem } from "../../registries/item.ts";
import type { BundleSubject } from "./bundle-index.ts";
import { sortBy } from "./bundle-index.ts";

/** A thing, with where it came from. */
export interface FoundItem extends LocatedItem {
  bytes: number;
  /** Who wanted it, sorted. */
  wantedBy: string[];
}

/** Sorted by kind, name and version. */
export function listItems(exchanges: readonly Exchange[]): FoundItem[] {
  const origins = findOrigins(exchanges);
  const found = new Map<string, FoundItem>();
  const answered = exchanges.flatMap((exchange) => {
    const { content, status } = exchange;
    if (content === null || status < 200 || status > 299) return [];
    const url = origins(exchange.url);
    return [{ ...exchange, content, url, item: identify({ ...exchange, url }) }];
  });
  const commits = answered.filter(({ item }) => item.kind === "git" && item.version !== "");
  const repositories = new Set(commits.map(({ item }) => item.name));
  for (const { content, bytes, wantedBy, url, item } of answered) {
    // What a repository has beside the commits that were taken is no thing of its own.
    if (item.kind === "git" && item.version === "" && repositories.has(item.name)) continue;
    const key = item.kind === "git" ? itemKey(item) : `${itemKey(item)} ${content}`;
    const before = found.get(key);
    const reasons = [...new Set([...(before?.wantedBy ?? []), wantedBy])].sort();
    const answer = { ...item, url, sha256: content, bytes, wantedBy: reasons };
    // A repository is asked several requests: the longest response is what it holds.
    const isShorter = before !== undefined && before.bytes > bytes;
    found.set(key, isShorter ? { ...before, wantedBy: reasons } : answer);
  }
  return sortBy([...found.values()], itemKey);
}

/** A blob that the subject of a bundle needs. */
export interface Need {
  sha256: string;
  item: Item;
  wantedBy: string;
}

/** Every blob that it needs, each once, with the first thing that it is needed for. */
export function listNeeds({ apps, images, exchanges }: BundleSubject): Map<string, Need> {
  const needs = new Map<string, Need>();
  const add = (sha256: string, item: Item, wantedBy: string) => {
    if (!needs.has(sha256)) needs.set(sha256, { sha256, item, wantedBy });
  };
  for (const { tag, source } of apps) add(source, { kind: "app", name: tag, version: "" }, "");
  for (const { tag, config, layers } of images) {
    const item: Item = { kind: "image", name: tag, version: "" };
    for (const sha256 of [config, ...layers.map(({ content }) => content)]) add(sha256, item, "");
  }
  const origins = findOrigins(exchanges);
  for (const exchange of exchanges) {
    if (exchange.content === null) continue;
    const item = identify({ ...exchange, url: origins(exchange.url) });
    add(exchange.content, item, exchange.wantedBy);
  }
  return needs;
}

// --- internal ---

const LONGEST_CHAIN = 10;

/** From an address back to the one that first led there, as a person would know it. */
function findOrigins(exchanges: readonly Exchange[]): (url: string) => string {
  const sources = new Map<string, string>();
  for (const { url, status, headers } of exchanges) {
    const location = headers.location;
    if (status < 300 || status > 399 || location === undefined) continue;
    const target = URL.parse(location, url)?.href;
    if (target !== undefined && target !== url && !sources.has(target)) sources.set(target, url);
  }
  return (url) => {
    let origin = url;
    for (let step = 0; step < LONGEST_CHAIN; step += 1) {
      const before = sources.get(origin);
      if (before === undefined) break;
      origin = before;
    }
    return origin;
  };
}
