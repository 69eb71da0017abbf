/** Resolves `build.src-url` and `build.project` where they name a folder of the app. */
import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { resolveInApp } from "./app-file.ts";

/**
 * @param root the app's folder
 * @returns the folder, relative to the app's; null where src-url names something else
 */
export function findSourceFolder(root: string, srcUrl: string): string | null {
  if (srcUrl === "" || srcUrl.includes("://")) return null;
  const inside = relative(root, resolve(root, srcUrl));
  if (inside.startsWith("..")) return null;
  const place = resolveInApp(root, inside || ".");
  return place !== undefined && statSync(place).isDirectory() ? inside || "." : null;
}
