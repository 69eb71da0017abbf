/** Unpacks an app of a bundle; nothing is written outside its folder. */
import { basename } from "node:path";
import type { UnpackLimits } from "../../images/archive/unpack-limits.ts";
import { UnpackTree } from "../../images/archive/unpack-tree.ts";
import { fileChunks } from "../../lib/input-file.ts";
import { readTar } from "../../lib/tar/read.ts";

export interface UnpackOptions {
  limits: UnpackLimits;
  signal: AbortSignal;
}

/**
 * Writes the app's folder again.
 * @param tar its tar file
 * @param root the folder to write; it must not be there, and is gone again when anything fails
 * @throws NuaError (archive) for a file that leads out of the folder, or when the disk is full
 * @throws UnpackLimitError when it is larger than it may be
 */
export async function unpackApp(
  tar: string,
  root: string,
  { limits, signal }: UnpackOptions,
): Promise<void> {
  const attempt = `Unpack app "${basename(root)}"`;
  const tree = new UnpackTree(root, { attempt, limits });
  try {
    for await (const member of readTar(fileChunks(tar), { attempt })) {
      signal.throwIfAborted();
      await tree.add(member);
    }
    tree.finish();
  } catch (error) {
    tree.remove();
    throw error;
  }
}
