/** Extracts some files and folders of a source archive, in a second pass. */
import { NuaError } from "../lib/errors.ts";
import type { ArchiveMember, ArchiveRequest } from "./archive-member.ts";
import { readMembers } from "./archive-members.ts";
import type { ArchiveTree } from "./archive-tree.ts";

export interface ArchiveFile {
  /** Below the top of the source, as it was asked for. */
  path: string;
  kind: "file" | "link";
  /** Of a file. */
  bytes: Uint8Array;
  /** Of a link, as it is written. */
  target: string;
}

/**
 * What is at some paths of a source, and below them. What they lead to, if they are links; links
 * below them stay links.
 * @param paths below the top of the source
 * @throws NuaError (input) where a file is too large, and as {@link readMembers} does
 */
export async function* archiveFiles(
  request: ArchiveRequest,
  { tree, top }: ArchiveTree,
  paths: readonly string[],
): AsyncGenerator<ArchiveFile> {
  const start = top === "" ? "" : `${top}/`;
  const wanted = paths.map((path) => ({ path, from: tree.resolve(path) }));
  for await (const member of readMembers(request)) {
    if (member.kind === "folder" || !member.path.startsWith(start)) continue;
    const inside = member.path.slice(start.length);
    for (const { path, from } of wanted) {
      const isBelow = from !== undefined && (inside === from || inside.startsWith(`${from}/`));
      if (isBelow) yield await take(member, `${path}${inside.slice(from.length)}`, request, tree);
    }
  }
}

// --- internal ---

/** Bytes of one file: what a package manager brings along in a repository. */
const LARGEST = 256 * 1024 * 1024;

async function take(
  { kind, target, read }: ArchiveMember,
  path: string,
  { attempt }: ArchiveRequest,
  tree: ArchiveTree["tree"],
): Promise<ArchiveFile> {
  if (kind === "link") return { path, kind, bytes: new Uint8Array(), target };
  // The content of a hard link has gone by with another name.
  const twin = kind === "twin" ? Buffer.from(tree.text(path) ?? "") : undefined;
  const bytes = twin ?? (await read(LARGEST));
  if (bytes !== undefined) return { path, kind: "file", bytes, target: "" };
  throw new NuaError("input", `${attempt}: "${path}" cannot be read, or is too large`, {
    step: "build.src-url",
  });
}
