/** A member of a source archive, and what of one is refused. */
import type { UnpackLimits } from "../images/archive/unpack-limits.ts";
import { NuaError } from "../lib/errors.ts";
import type { ByteChunks } from "../lib/tar/byte-reader.ts";

export interface ArchiveRequest {
  /** The archive: tar, compressed or not, or zip. */
  file: string;
  /** For messages, such as `Unpack source "https://host/app.tar.gz"`. */
  attempt: string;
  /** What it may become. */
  limits: UnpackLimits;
  signal: AbortSignal;
  /** What names it, for messages; without it, build.src-url. */
  key?: string;
  /** Whether what is damaged is an error. */
  isWhole?: boolean;
  /** A folder for large programs while they are looked at; without it nothing is known of them. */
  work?: string;
}

export interface ArchiveMember {
  /** Relative, with "/" between names; empty for the top itself. */
  path: string;
  /** A twin is a hard link, to the member at `target`. */
  kind: "file" | "folder" | "link" | "twin";
  /** Permissions. */
  mode: number;
  /** Of a link as it is written; of a twin, the path of the other one. */
  target: string;
  /** Of the content. */
  bytes: number;
  /**
   * The content, while the member is looked at.
   * @returns undefined where it is more than `limit`
   */
  read(limit: number): Promise<Uint8Array | undefined>;
  /** The same in pieces. @throws NuaError (archive) for what is damaged, encrypted or packed rarely */
  chunks(): ByteChunks;
}

/** An error of reading it as one of an input. */
export function asInput({ key = KEY }: ArchiveRequest, error: NuaError): NuaError {
  const { message, hint } = error;
  return new NuaError("input", message, { step: key, hint, cause: error });
}

/** What names a source, where nothing else does. */
export const KEY = "build.src-url";

export function refuse(
  { attempt, key = KEY }: ArchiveRequest,
  name: string,
  reason: string,
): NuaError {
  return new NuaError("input", `${attempt}: "${name}": refused, for ${reason}`, {
    step: key,
    hint: "if you trust it, pack it anew without that member",
  });
}

/** As pathlib has it: no empty name, no ".". */
export function pathOf(request: ArchiveRequest, name: string, member = name): string {
  const names = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || names.includes("..")) {
    throw refuse(request, member, "its name leads outside");
  }
  return names.join("/");
}
