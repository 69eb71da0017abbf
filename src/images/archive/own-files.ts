/**
 * Which existing files nua-build may replace or remove: those that it has written, and older
 * archives of the same app. Whatever else is there is somebody's, and an error.
 */
import { open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import { digestFile } from "../../lib/input-file.ts";
import { type FoundFile, findFile } from "../../lib/regular-file.ts";
import { partStem } from "../../runs/own-names.ts";
import { checksumName, readChecksums } from "./checksum-file.ts";
import { diskError } from "./disk.ts";
import { findParts, partName, partPattern } from "./parts.ts";
import { isAsWritten, readWritten } from "./written-files.ts";

export interface ArchiveNames {
  /** Absolute path of the archive, or of its parts without their numbers. */
  target: string;
  isSplit: boolean;
  /** For messages, such as `Save archive "app.tar"`. */
  attempt: string;
  /** Whether a file that is there is of the same kind: an archive of the same app. */
  isAlike: (file: string) => Promise<boolean>;
}

/**
 * @param wanted paths of parts that will be written, beside the first
 * @returns paths of the files that may be replaced, or removed
 * @throws NuaError (archive) that names what is in the way
 */
export async function findOwnFiles(
  names: ArchiveNames,
  wanted: readonly string[] = [],
): Promise<ReadonlySet<string>> {
  const { target, isSplit, attempt } = names;
  try {
    const own = new Set<string>();
    await addWritten(names, own);
    await addAlike(names, own);
    // An archive under a name is one file or parts: where both are there, nobody knows which.
    const first = isSplit ? [partName(target, 0)] : [];
    for (const file of new Set([target, checksumName(target), ...first, ...wanted])) {
      const found = own.has(file) ? undefined : await findFile(file);
      if (found !== undefined) throw await inTheWay(file, found, attempt);
    }
    return own;
  } catch (cause) {
    if (cause instanceof NuaError) throw cause;
    throw diskError(attempt, target, cause);
  }
}

// --- internal ---

/** What is noted, if it is what was noted: untouched, or the same to the last byte. */
async function addWritten({ target }: ArchiveNames, own: Set<string>): Promise<void> {
  const written = await readWritten(target);
  for (const { name, sha256, identity } of written?.files ?? []) {
    const file = join(dirname(target), name);
    const isName = [target, checksumName(target)].includes(file) || partPattern(target).test(name);
    const found = isName ? await findFile(file) : undefined;
    if (found === undefined || found.special !== null) continue;
    if (found.identity.bytes !== identity.bytes) continue;
    const isSame = await isAsWritten(written!, file, found.identity);
    if (isSame || (await digestFile(file).catch(() => "")) === sha256) own.add(file);
  }
}

/** An archive of the same app, whole or in parts, that belongs to the user; and its checksums. */
async function addAlike(names: ArchiveNames, own: Set<string>): Promise<void> {
  const { target, attempt, isAlike } = names;
  const checksum = checksumName(target);
  const mine = async (file: string) => {
    const found = await findFile(file);
    if (found === undefined || found.special !== null) return undefined;
    return (await isUsers(found, dirname(file))) ? found : undefined;
  };
  for (const first of [target, partName(target, 0)]) {
    const found = own.has(first) ? undefined : await mine(first);
    if (found === undefined) continue;
    // Nothing is lost with an empty file, such as mktemp makes.
    if (found.identity.bytes === "0") own.add(first);
    if (found.identity.bytes === "0" || !(await isAlike(first).catch(() => false))) continue;
    for (const part of await findParts(first, attempt)) {
      if ((await mine(part)) !== undefined) own.add(part);
    }
  }
  const found = own.has(checksum) ? undefined : await mine(checksum);
  if (found === undefined) return;
  const told = [...(await readChecksums(target)).keys()];
  const isOurs = (name: string) => name === basename(target) || partPattern(target).test(name);
  const isEmpty = found.identity.bytes === "0";
  if (isEmpty || (told.length > 0 && told.every(isOurs))) own.add(checksum);
}

/** Some file systems give all files to somebody: then the user's are those that a new one is like. */
async function isUsers(found: FoundFile, folder: string): Promise<boolean> {
  if (found.uid === process.geteuid?.()) return true;
  const probe = `${partStem(join(folder, "probe"))}.part`;
  const handle = await open(probe, "wx", 0o600).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    return Number((await handle.stat()).uid) === found.uid;
  } finally {
    await handle.close();
    await rm(probe, { force: true });
  }
}

async function inTheWay(file: string, found: FoundFile, attempt: string): Promise<NuaError> {
  const other = "or name another file or folder with --output";
  const details = { file, hint: `see what it is, and move it away, ${other}` };
  if (found.special !== null) {
    return new NuaError(
      "archive",
      `${attempt}: ${found.special} is in the way: "${file}"`,
      details,
    );
  }
  if (!(await isUsers(found, dirname(file)))) {
    const problem = `a file is in the way that belongs to the user ${found.uid}`;
    return new NuaError("archive", `${attempt}: ${problem}: "${file}"`, details);
  }
  const problem = "a file is in the way that nua-build has not written";
  return new NuaError("archive", `${attempt}: ${problem}: "${file}"`, details);
}
