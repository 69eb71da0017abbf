/** Pure: package URLs (purl) of what a bundle holds. */
import type { LocatedItem } from "../../registries/item.ts";
import { encode, fileName, githubPlace, qualifiers } from "../../registries/package-url.ts";
import { registryOf } from "../../registries/registries.ts";

/** Undefined for what no type of them stands for. */
export function packageUrl(item: LocatedItem): string | undefined {
  return item.kind === "file" ? fileUrl(item) : registryOf(item.kind)?.packageUrl(item);
}

/** Of an image that has no other name than its id. */
export function imageUrl(tag: string, id: string): string {
  const { path, version } = /^(?<path>.+):(?<version>[^:/]+)$/.exec(tag)?.groups ?? { path: tag };
  const name = path!.split("/").map(encode).join("/");
  return `pkg:docker/${name}@${id}${qualifiers({ tag: version })}`;
}

// --- internal ---

function fileUrl({ name, sha256, url }: LocatedItem): string {
  const github = githubPlace(url);
  if (github?.ref !== undefined) return `pkg:github/${github.name}@${encode(github.ref)}`;
  const checksum = `sha256:${sha256}`;
  return `pkg:generic/${encode(fileName(name))}${qualifiers({ checksum, download_url: name })}`;
}
