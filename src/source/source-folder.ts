/** `build.src-url` may name a folder of the app's own, as `build.project` does. */
import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { LoadedConfig } from "../config/load-config.ts";
import { resolveInApp } from "./app-file.ts";

/** The folder, relative to the app's; null where src-url names something else. */
export function findSourceFolder({
  root,
  fields,
}: Pick<LoadedConfig, "root" | "fields">): string | null {
  const { srcUrl } = fields;
  if (srcUrl === "" || srcUrl.includes("://")) return null;
  const inside = relative(root, resolve(root, srcUrl));
  if (inside.startsWith("..")) return null;
  const place = resolveInApp(root, inside || ".");
  return place !== undefined && statSync(place).isDirectory() ? inside || "." : null;
}
