/** A temporary folder that is removed on success, failure and interrupt. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { NuaError } from "../lib/errors.ts";
import { folderPrefix } from "../runs/own-names.ts";

export interface TempFolder extends AsyncDisposable {
  path: string;
}

/**
 * @param parent folder to make it in; made when missing
 * @throws NuaError (archive) when that cannot be done
 */
export async function createTempFolder(parent: string): Promise<TempFolder> {
  let path: string;
  try {
    await mkdir(parent, { recursive: true });
    path = await mkdtemp(join(parent, folderPrefix()));
  } catch (cause) {
    throw new NuaError("archive", `Make a temporary folder in "${parent}": ${String(cause)}`, {
      hint: "name another folder with NUA_BUILD_DIR",
      cause,
    });
  }
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
