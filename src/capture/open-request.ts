/** What a sealed build has missed, as the far side wrote it down -> what is to be captured for it. */
import { join } from "node:path";
import { openBundle } from "../bundle/open-bundle.ts";
import { unpackApps } from "../bundle/unpack-apps.ts";
import type { OlderBundle } from "../bundle/write-bundle.ts";
import { NuaError } from "../shared/errors.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

export interface OpenedRequest extends AsyncDisposable {
  /** The apps' configurations, in folders that are gone with it. */
  paths: string[];
  /** What the far side has. */
  older: OlderBundle | undefined;
}

/** @throws NuaError (archive) when the file is damaged, (input) when it is another kind of file */
export async function openRequest(file: string, world: World): Promise<OpenedRequest> {
  const temp = await createTempFolder(world.settings.buildDir);
  try {
    const { signal } = world;
    const opened = await openBundle([file], { folder: temp.path, signal, takesRequests: true });
    const { request } = opened.index;
    if (request === null) throw notARequest(file);
    const apps = await unpackApps(opened, join(temp.path, "apps"), signal);
    const { bundle, held } = request;
    return {
      paths: apps.map(({ path }) => path),
      older: bundle === null ? undefined : { ...bundle, blobs: new Set(held) },
      [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
    };
  } catch (error) {
    await temp[Symbol.asyncDispose]();
    throw error;
  }
}

// --- internal ---

function notARequest(file: string): NuaError {
  return new NuaError("input", `Read "${file}": it is a bundle, not what a build has missed`, {
    file,
    hint: "give the file that a sealed build has written, NAME.missing",
  });
}
