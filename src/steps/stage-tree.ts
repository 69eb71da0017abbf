/** Copies a tree into the build context by hard links: no byte is read or written. */
import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { isStagedBelow, VENV_MARKER } from "../plan/staging.ts";

export interface StageTreeOptions {
  /** Folder to copy from. */
  from: string;
  /** Folder to copy to; made when missing. */
  to: string;
  /** Which entries of the top folder are taken; below it, {@link isStagedBelow} decides. */
  accept: (name: string) => boolean;
  signal: AbortSignal;
}

export interface StagedTree {
  files: number;
  /** What was left out because it is no file, folder or link, relative to `from`. */
  skipped: string[];
}

/**
 * Links that point inside the tree stay links; others become what they point to, because
 * their target is not in the context. Links that point nowhere stay as they are.
 */
export async function stageTree(options: StageTreeOptions): Promise<StagedTree> {
  const result: StagedTree = { files: 0, skipped: [] };
  const root = realpathSync(options.from);
  const visit = async (from: string, to: string, accept: (name: string) => boolean) => {
    // Lets a signal in: the calls below are synchronous, being several times faster so.
    await new Promise((resolve) => setImmediate(resolve));
    options.signal.throwIfAborted();
    mkdirSync(to, { recursive: true, mode: (statSync(from).mode & 0o777) | 0o700 });
    for (const name of readdirSync(from).sort()) {
      if (accept(name)) await visitEntry(join(from, name), join(to, name));
    }
  };
  const visitEntry = async (from: string, to: string): Promise<void> => {
    const info = lstatSync(from);
    if (info.isFile()) {
      linkOrCopy(from, to);
      result.files += 1;
    } else if (info.isDirectory()) {
      if (!isVirtualEnvironment(from)) await visit(from, to, isStagedBelow);
    } else if (info.isSymbolicLink()) {
      const target = outsideTarget(from, root);
      if (target === undefined) symlinkSync(readlinkSync(from), to);
      else await visitEntry(target, to);
    } else {
      result.skipped.push(relative(options.from, from));
    }
  };
  await visit(options.from, options.to, options.accept);
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

function isVirtualEnvironment(folder: string): boolean {
  return statSync(join(folder, VENV_MARKER), { throwIfNoEntry: false }) !== undefined;
}

/**
 * What a link outside the tree points to; undefined when it points inside, nowhere, or to a
 * folder that it stands in, which would never end.
 */
function outsideTarget(link: string, root: string): string | undefined {
  let target: string;
  try {
    target = realpathSync(link);
  } catch {
    return undefined;
  }
  const isWithin = (path: string, folder: string) => `${path}${sep}`.startsWith(folder + sep);
  return isWithin(target, root) || isWithin(realpathSync(dirname(link)), target)
    ? undefined
    : target;
}
