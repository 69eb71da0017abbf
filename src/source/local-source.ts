/**
 * Sources that a nua-config names by a path on this machine.
 *
 * One in the app's folder is the app's. One elsewhere is for whoever has written the nua-config to
 * name, and so a stranger could name any archive or repository of this machine: it is told, and an
 * app out of a bundle may name none.
 */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { isWithin } from "./app-file.ts";

export interface LocalSource {
  /** As the nua-config has it: a path, or `file://…`. */
  url: string;
  /** The key that names it. */
  key: string;
  /** The app's folder. */
  root: string;
}

/** Whether an archive is on this machine: neither http nor https. */
export function isLocalSource(url: string): boolean {
  return url.startsWith("file://") || !url.includes("://");
}

/**
 * The path that a source has on this machine.
 * @throws NuaError (input) for an address that is none of a file here
 */
export function localSourcePath({ url, root }: Pick<LocalSource, "url" | "root">): string {
  if (!url.startsWith("file://")) return resolve(root, url);
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new NuaError("input", `Read source "${url}": it is no address of a file here`, {
      hint: "write it as file:///PATH",
      cause,
    });
  }
}

/**
 * Asks whether a source outside of the app's folder may be read.
 * @throws NuaError (input) where it may not
 */
export function watchLocalSource(
  source: LocalSource,
  session: Pick<Session, "input" | "report">,
): void {
  const path = realPath(localSourcePath(source));
  if (isWithin(path, realPath(source.root))) return;
  session.input.allowOutside({ url: source.url, path, key: source.key }, session.report);
}

// --- internal ---

/** Of what is not there, the path itself. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
