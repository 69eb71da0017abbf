/**
 * Why an entry of an app's folder is left out, or told of: it is a secret, installed again,
 * nua-build's own, or a link that leads away.
 */
import { lstatSync, realpathSync, type Stats } from "node:fs";
import { folderOf, joinPath, namesIn, type Place, toPlace } from "../lib/byte-path.ts";
import { INSTALLED_FOLDERS } from "../registries/registries.ts";
import type { InstalledFolder } from "../registries/registry.ts";
import { isWithin, readRegular } from "./app-file.ts";
import { isBuildFolder, isOwnArchive, LARGE_FILE_BYTES } from "./own-output.ts";
import { findSecretRule, isSecretFolder, SECRET_FILE_BYTES } from "./secret-files.ts";

/** What a person is told of an entry; `left-out` entries are not taken. */
export type Note =
  | { kind: "secret" | "installed" | "output" | "vanished" | "special"; detail: string }
  | { kind: "outside-link" | "needed"; detail: string };

/** Whether its name, or what is in it, tells a secret. @throws NuaError (input) for what cannot be read */
export function secretNote(path: string, place: Place): Note | undefined {
  const rule = findSecretRule(path);
  if (rule === undefined) return undefined;
  if (rule.isSecret === null) return { kind: "secret", detail: rule.reason };
  const attempt = `Look into "${path}"`;
  const text = readRegular(place, { attempt, limit: SECRET_FILE_BYTES });
  const isSecret = text !== undefined && rule.isSecret(text.toString("utf8"));
  return isSecret ? { kind: "secret", detail: rule.reason } : undefined;
}

/** Whether it is an archive of nua-build's own. */
export function outputNote(place: Place, info: Stats): Note | undefined {
  if (info.size < LARGE_FILE_BYTES || !isOwnArchive(place)) return undefined;
  return { kind: "output", detail: "written by nua-build" };
}

/** A folder of the app. */
export interface FolderInput {
  path: string;
  name: string;
  place: Place;
  root: string;
}

/** Whether a folder is of secrets, is installed again, or is nua-build's own. */
export function folderNote({ path, name, place, root }: FolderInput): Note | undefined {
  if (isSecretFolder(path)) return { kind: "secret", detail: "a folder of secrets" };
  const installed = INSTALLED_FOLDERS.find((one) =>
    one.name === null
      ? isMarked(place, one)
      : one.name === name && isInstalled({ path, place, root }, one),
  );
  if (installed !== undefined) return { kind: "installed", detail: installed.detail };
  if (isBuildFolder(name)) return { kind: "output", detail: "written by nua-build" };
  return undefined;
}

/** Whether a link leads out of the app's folder. One that leads to nothing leads out of the folder where its text does. */
export function linkNote(input: {
  path: string;
  place: Place;
  target: string;
  top: string;
}): Note | undefined {
  const { path, place, target, top } = input;
  const note: Note = { kind: "outside-link", detail: target };
  if (target.startsWith("/")) return note;
  if (leadsAbove(joinPath(folderOf(path), target))) return note;
  try {
    return isWithin(realpathSync(place as string), top) ? undefined : note;
  } catch {
    return undefined;
  }
}

// --- internal ---

/**
 * Package managers leave a marker in what they have installed; in a workspace, only in the folder
 * of that name that stands uppermost. What holds nothing but caches has none.
 */
function isInstalled(
  { path, place, root }: Omit<FolderInput, "name">,
  folder: InstalledFolder,
): boolean {
  if (isMarked(place, folder)) return true;
  const names = namesIn(place);
  if (names.length > 0 && names.every((name) => name.startsWith("."))) return true;
  const folders = path.split("/").slice(0, -2);
  for (let count = folders.length; count >= 0; count -= 1) {
    const upper = [...folders.slice(0, count), folder.name].join("/");
    if (upper !== path && isMarked(toPlace(joinPath(root, upper)), folder)) return true;
  }
  return false;
}

function isMarked(place: Place, { markers }: InstalledFolder): boolean {
  return markers.some((marker) => isThere(place, marker));
}

function isThere(folder: Place, name: string): boolean {
  const place = typeof folder === "string" ? `${folder}/${name}` : below(folder, name);
  try {
    return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // No folder after all, or one that may not be looked into: whoever walks it tells so.
    return false;
  }
}

function below(folder: Buffer, name: string): Buffer {
  return Buffer.concat([folder, Buffer.from(`/${name}`)]);
}

/** Whether a relative path has more steps up than down, at any of its names. */
function leadsAbove(path: string): boolean {
  let depth = 0;
  for (const name of path.split("/")) {
    if (name === "..") depth -= 1;
    else if (name !== "" && name !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
