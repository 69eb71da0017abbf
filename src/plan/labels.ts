/** Pure: the labels of an app's image. */
import { nuaLabels } from "../bases/labels.ts";
import { nuaTag } from "../config/image-names.ts";
import type { AppConfig } from "../config/schema.ts";

/** Upstream's three, and those that the OCI names. */
export function imageLabels(config: AppConfig): Record<string, string> {
  const { metadata, build } = config;
  const optional = {
    "org.opencontainers.image.description": metadata.tagline ?? metadata.description,
    "org.opencontainers.image.url": metadata.website,
    "org.opencontainers.image.licenses": build?.license,
  };
  const given = Object.entries(optional).flatMap(([label, value]) =>
    value ? [[label, value]] : [],
  );
  return {
    ...nuaLabels(metadata.id, nuaTag(metadata)),
    "org.opencontainers.image.title": metadata.title,
    "org.opencontainers.image.version": metadata.version,
    "org.opencontainers.image.authors": metadata.author,
    ...Object.fromEntries(given),
  };
}
