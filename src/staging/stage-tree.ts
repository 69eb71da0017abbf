/** Copies a tree into the build context by hard links: no byte is read or written. */
import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { type WalkOptions, walkTree } from "./walk-tree.ts";

export interface StageTreeOptions extends WalkOptions {
  /** Folder to copy to; made when missing. */
  to: string;
}

export interface StagedTree {
  files: number;
  /** Of those files together. */
  bytes: number;
  /** What was left out because it is no file, folder or link, relative to `from`. */
  skipped: string[];
}

/** See {@link walkTree} for what is taken. */
export async function stageTree({ to, ...options }: StageTreeOptions): Promise<StagedTree> {
  const result: StagedTree = { files: 0, bytes: 0, skipped: [] };
  await walkTree(options, {
    folder(path, from) {
      mkdirSync(join(to, path), { recursive: true, mode: (statSync(from).mode & 0o777) | 0o700 });
    },
    file(path, from, { size }) {
      linkOrCopy(from, join(to, path));
      result.files += 1;
      result.bytes += size;
    },
    link(path, from) {
      symlinkSync(readlinkSync(from), join(to, path));
    },
    other(path) {
      result.skipped.push(path);
    },
  });
  return result;
}

/**
 * One file or folder of a tree, to the same place in another.
 * @param path relative to both
 * @throws an error of the file system when there is none
 */
export function stagePath(
  path: string,
  options: Omit<StageTreeOptions, "accept">,
): Promise<StagedTree> {
  const folder = dirname(path);
  lstatSync(join(options.from, path));
  return stageTree({
    ...options,
    from: join(options.from, folder),
    to: join(options.to, folder),
    accept: (name) => name === basename(path),
  });
}

// --- internal ---

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Another file system, a file of another user, or too many links.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
