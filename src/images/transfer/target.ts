/** The path and the name of an archive. */
import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import { diskError } from "../archive/disk.ts";
import { isArchiveOfSame } from "../archive/is-alike.ts";
import { findOwnFiles } from "../archive/own-files.ts";
import { whileHeld } from "../archive/written-files.ts";
import type { ArchiveOptions } from "./archive-options.ts";

/** Stands for standard output. */
export const STANDARD_OUTPUT = "-";

/** The file name of an image's archive: its tag. */
export function archiveName(tag: string, { form, safeName }: ArchiveOptions): string {
  // A name with a slash would be a folder; in a tag it belongs to a registry.
  const name = tag.replaceAll("/", "_");
  const suffix = { gzip: ".gz", zstd: ".zst", none: "" }[form.compression?.format ?? "none"];
  return `${safeName ? name.replace(/[^\w.-]/g, "_") : name}.tar${suffix}`;
}

/**
 * Makes the folder that a target names by a slash at its end, and sees that any other target's
 * folder is there: to be asked before the work that comes before archives.
 * @param count of archives that are given to one target each; those of sub-apps go beside
 * @throws NuaError (usage) when a file, or standard output, is to hold several of them
 * @throws NuaError (archive) when the folder is not there, cannot be made, or not be written to
 */
export async function ensureOutputFolder(output: string, count = 1): Promise<void> {
  const isNamed = output.endsWith("/") || (await isFolder(output));
  if (count > 1 && !isNamed) {
    throw new NuaError("usage", `Save ${count} archives to "${output}": it is not a folder`, {
      hint: `write --output ${output === STANDARD_OUTPUT ? "FOLDER" : `${output}/`}`,
    });
  }
  if (output === STANDARD_OUTPUT) return;
  const attempt = `Save to "${output}"`;
  await refuseDevice(output, attempt);
  const folder = isNamed ? resolve(output) : dirname(resolve(output));
  try {
    if (output.endsWith("/")) await mkdir(folder, { recursive: true });
    else await stat(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw diskError(attempt, folder, cause);
  }
}

/**
 * A folder gets the archive under its own name; anything else is the file itself.
 * @param output a folder, a file, or STANDARD_OUTPUT
 * @param isSubApp whether the file name stands for another archive, beside which it goes
 */
export async function resolveTarget(
  output: string,
  name: string,
  isSubApp = false,
): Promise<string> {
  if (output === STANDARD_OUTPUT) return output;
  const path = resolve(output);
  if (output.endsWith("/") || (await isFolder(path))) return join(path, name);
  return isSubApp ? join(dirname(path), name) : path;
}

/**
 * Sees that an archive may be written there.
 * @param tag of its image
 * @throws NuaError (archive) that names what is in the way
 */
export async function ensureReplaceable(
  target: string,
  tag: string,
  { form }: ArchiveOptions,
): Promise<void> {
  const names = {
    ...{ target, attempt: `Save archive "${target}"`, isSplit: form.partBytes !== null },
    isAlike: (file: string) => isArchiveOfSame(file, [tag]),
  };
  await whileHeld(target, () => findOwnFiles(names));
}

// --- internal ---

/** What is written takes the place of what has its name: of /dev/null as well. */
async function refuseDevice(output: string, attempt: string): Promise<void> {
  const info = await stat(output).catch(() => undefined);
  if (info === undefined || info.isFile() || info.isDirectory()) return;
  throw new NuaError("usage", `${attempt}: it is neither a file nor a folder`, {
    hint: "name a file or a folder: --output FILE",
  });
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
