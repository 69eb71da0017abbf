/** Reads a request of missing inputs. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskError } from "../../images/archive/disk.ts";
import { NuaError } from "../../lib/errors.ts";
import { attemptOn, bundleChunks, type SourceOptions } from "./bundle-file.ts";
import type { BundleApp, BundleRequest } from "./bundle-index.ts";
import { readBundle } from "./read-bundle.ts";
import type { OlderBundle } from "./write-bundle.ts";

export interface OpenedRequest extends BundleRequest {
  /** The apps that were to be built, and the tar files of their folders. */
  apps: (BundleApp & { tar: string })[];
  /** What the answer to it goes on top of; null where the far side has no bundle. */
  since: OlderBundle | null;
}

/**
 * @param file that a build from a bundle has written, see {@link writeBundle}
 * @param folder which is made, for the tar files
 * @throws NuaError (archive) when it is damaged, (input) when it is a bundle; nothing is left then
 */
export async function openRequest(
  file: string,
  folder: string,
  options: SourceOptions,
): Promise<OpenedRequest> {
  const attempt = attemptOn(file);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw diskError(attempt, folder, cause);
  });
  const made = new Set<string>();
  const extraction = { folder, wanted: () => true, onFile: (path: string) => void made.add(path) };
  try {
    const { index } = await readBundle(bundleChunks(file, options), { attempt, extraction });
    const { request } = index;
    if (request === null) {
      throw new NuaError(
        "input",
        `${attempt}: it is a bundle, and no request for what is missing`,
        {
          file,
          hint: "a difference to it is made by --since",
        },
      );
    }
    const { bundle, held } = request;
    return {
      ...request,
      apps: index.apps.map((app) => ({ ...app, tar: join(folder, app.source) })),
      since: bundle && { ...bundle, blobs: new Set(held) },
    };
  } catch (error) {
    for (const path of made) await rm(path, { force: true });
    throw error;
  }
}
