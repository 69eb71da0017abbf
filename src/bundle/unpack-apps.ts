/** The apps of a bundle, in folders of their own. */
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BundleApp } from "./bundle-index.ts";
import type { OpenedBundle } from "./open-bundle.ts";
import { unpackApp } from "./unpack-app.ts";

export interface UnpackedApp extends BundleApp {
  root: string;
  /** Its configuration. */
  file: string;
  /** What leads a build to it. */
  path: string;
}

/**
 * Those whose folders are at hand.
 * @param folder for theirs
 * @throws NuaError (archive) when a member of one would leave its folder
 */
export async function unpackApps(
  { index, blobFile }: Pick<OpenedBundle, "index" | "blobFile">,
  folder: string,
  signal: AbortSignal,
): Promise<UnpackedApp[]> {
  const apps: UnpackedApp[] = [];
  for (const [place, app] of index.apps.entries()) {
    const tar = blobFile(app.source);
    if (tar === undefined) continue;
    // Two may have the same name.
    const root = join(folder, String(place), app.name);
    await mkdir(dirname(root), { recursive: true });
    await unpackApp(tar, root, signal);
    const file = join(root, app.config);
    // The folder says where the configuration is, unless that has a name of its own.
    const path = /^nua-config\./.test(basename(file)) ? root : file;
    apps.push({ ...app, root, file, path });
  }
  return apps;
}
