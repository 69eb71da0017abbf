/** What a sealed build has missed -> what is to be captured for it. */
import { join } from "node:path";
import { openRequest } from "../bundle/open-request.ts";
import { unpackApps } from "../bundle/unpack-apps.ts";
import type { OlderBundle } from "../bundle/write-bundle.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

export interface RequestedApps extends AsyncDisposable {
  /** What leads builds to the apps, which are gone with it. */
  paths: string[];
  /** What the far side has. */
  older: OlderBundle | undefined;
}

/** @throws NuaError (archive) when the file is damaged, (input) when it is another kind of file */
export async function openRequestedApps(file: string, world: World): Promise<RequestedApps> {
  const temp = await createTempFolder(world.settings.buildDir);
  try {
    const { signal } = world;
    const request = await openRequest(file, join(temp.path, "tars"), { signal });
    const apps = await unpackApps(request.apps, join(temp.path, "apps"), signal);
    return {
      paths: apps.map(({ path }) => path),
      older: request.since ?? undefined,
      [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
    };
  } catch (error) {
    await temp[Symbol.asyncDispose]();
    throw error;
  }
}
