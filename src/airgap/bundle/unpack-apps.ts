/** Unpacks the apps of a bundle. */
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BundleApp } from "./bundle-index.ts";
import { type UnpackOptions, unpackApp } from "./unpack-app.ts";

export interface UnpackedApp extends BundleApp {
  root: string;
  /** Its configuration; null where it has none. */
  file: string | null;
  /** What leads a build to it. */
  path: string;
}

/**
 * @param packed with the tar file of each
 * @param folder for theirs
 * @throws NuaError (archive) when a member of one would leave its folder, or there is too much
 */
export async function unpackApps(
  packed: readonly (BundleApp & { tar: string })[],
  folder: string,
  options: UnpackOptions,
): Promise<UnpackedApp[]> {
  const apps: UnpackedApp[] = [];
  for (const [place, { tar, ...app }] of packed.entries()) {
    // Two may have the same name.
    const root = join(folder, String(place), app.name);
    await mkdir(dirname(root), { recursive: true });
    await unpackApp(tar, root, options);
    const file = app.config === null ? null : join(root, app.config);
    // The folder says where the configuration is, unless that has a name of its own.
    const path = file === null || /^nua-config\./.test(basename(file)) ? root : file;
    apps.push({ ...app, root, file, path });
  }
  return apps;
}
