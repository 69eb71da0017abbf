/** Goes through the part of a folder that belongs in a build context. */
import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { isStagedBelow, VENV_MARKER } from "../plan/staging.ts";

export interface WalkOptions {
  /** The folder. */
  from: string;
  /** Which entries of the top folder are taken; below it, {@link isStagedBelow} decides. */
  accept: (name: string) => boolean;
  signal: AbortSignal;
}

/** @param path relative to the folder; empty for itself */
export interface TreeVisitor {
  folder(path: string, from: string): void;
  /** @param from may lie outside the folder, where a link leads there */
  file(path: string, from: string, info: Stats): void;
  /** A link that stays one. */
  link(path: string, from: string, info: Stats): void;
  /** Neither file nor folder nor link. */
  other(path: string): void;
}

/**
 * Folders come before what is in them, and names in their order. Links that point inside the
 * folder stay links; others are taken for what they point to, because their target is not in
 * the context. Links that point nowhere stay as they are.
 */
export async function walkTree(options: WalkOptions, visitor: TreeVisitor): Promise<void> {
  const root = realpathSync(options.from);
  let entries = 0;
  const visit = async (path: string, from: string, accept: (name: string) => boolean) => {
    // Lets a signal in: the calls below are synchronous, being several times faster so.
    await new Promise((resolve) => setImmediate(resolve));
    options.signal.throwIfAborted();
    visitor.folder(path, from);
    for (const name of readdirSync(from).sort()) {
      if (!accept(name)) continue;
      // A promise for each file would be most of what a walk costs.
      const below = visitEntry(path === "" ? name : `${path}/${name}`, join(from, name));
      if (below !== undefined) await below;
    }
  };
  const visitEntry = (path: string, from: string): Promise<void> | undefined => {
    entries += 1;
    const info = lstatSync(from);
    if (info.isFile()) {
      visitor.file(path, from, info);
    } else if (info.isDirectory()) {
      return isVirtualEnvironment(from) ? undefined : visit(path, from, isStagedBelow);
    } else if (info.isSymbolicLink()) {
      const target = outsideTarget(from, root);
      if (target !== undefined) return visitEntry(path, target);
      visitor.link(path, from, info);
    } else {
      visitor.other(path);
    }
    return undefined;
  };
  await visit("", options.from, options.accept);
  // What was told of so many would stay in memory for as long as the build takes.
  if (entries > MANY) Bun.gc(true);
}

// --- internal ---

const MANY = 10_000;

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
