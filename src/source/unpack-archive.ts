/** Unpacks an app's archive into a folder of its own; nothing is written outside of it. */
import { join } from "node:path";
import { UnpackTree } from "../images/archive/unpack-tree.ts";
import { NuaError } from "../lib/errors.ts";
import { fileChunks } from "../lib/input-file.ts";
import type { TarMember } from "../lib/tar/read.ts";
import { type ArchiveMember, type ArchiveRequest, asInput, refuse } from "./archive-member.ts";
import { readMembers } from "./archive-members.ts";
import { topFolder } from "./archive-tree.ts";

/**
 * @param request `attempt`: what is told of it
 * @param root the folder to make; it is gone again when anything fails
 * @returns the one folder at its top that holds all, relative to `root`; else empty
 * @throws NuaError (input) for what is none, damaged, too large, or would leave its folder
 */
export async function unpackArchive(request: ArchiveRequest, root: string): Promise<string> {
  const { attempt, limits } = request;
  const tree = new UnpackTree(root, { attempt, limits });
  const kinds = new Map<string, { kind: "file" | "folder" | "link" }>();
  try {
    for await (const member of readMembers({ ...request, isWhole: true })) {
      const { path, kind } = member;
      if (path === "") continue;
      refuseImage(path, request);
      if (kind === "twin" && kinds.get(member.target)?.kind !== "file") {
        throw refuse(request, path, "it is a link to what is not before it");
      }
      await tree.add(asTarMember(member, root));
      kinds.set(path, { kind: kind === "twin" ? "file" : kind });
    }
    if (kinds.size === 0) throw noArchive(request);
    tree.finish();
    return topFolder(kinds);
  } catch (error) {
    tree.remove();
    if (!isOfArchive(error)) throw error;
    throw kinds.size === 0 ? noArchive(request) : asInput(request, error);
  }
}

// --- internal ---

const TYPES = { folder: "5", link: "2", file: "0", twin: "0" } as const;

function asTarMember(
  { path, kind, mode, target, bytes, chunks }: ArchiveMember,
  root: string,
): TarMember {
  const twin = kind === "twin" ? join(root, target) : undefined;
  return {
    ...{ name: path, type: TYPES[kind], mode, linkName: target },
    ...{ uid: 0, gid: 0, mtime: 0, device: [0, 0], attributes: new Map() },
    ...{ offset: 0, contentOffset: 0 },
    // What a hard link leads to has gone by already.
    size: twin === undefined ? bytes : Bun.file(twin).size,
    content: twin === undefined ? chunks() : fileChunks(twin),
  };
}

/** Names at the top of archives of images, which no app has there. */
const IMAGE_MEMBER = /^(?:blobs\/sha256\/)?[\da-f]{64}(?:$|\.json$|\.tar$|\/layer\.tar$)/;
const BUNDLE_MEMBER = "nua-bundle.json";

function refuseImage(path: string, { attempt, file, key = "" }: ArchiveRequest): void {
  const isBundle = path === BUNDLE_MEMBER;
  if (!isBundle && !IMAGE_MEMBER.test(path)) return;
  const what = isBundle ? "a bundle" : "the archive of an image";
  throw new NuaError("input", `${attempt}: it is ${what}, and no app's source`, {
    ...{ step: key, file },
    hint: isBundle ? "build from it: nua-build --bundle FILE" : "load it: nua-build load FILE",
  });
}

function noArchive({ attempt, key = "" }: ArchiveRequest): NuaError {
  return new NuaError("input", `${attempt}: it is no archive with files in it`, {
    step: key,
    hint: "give a .tar, .tar.gz, .tar.xz, .tar.zst, .zip or a program for Linux; of a git repository, write git+ before its address",
  });
}

/** What is wrong with an archive is wrong with an input; the disk is another matter. */
function isOfArchive(error: unknown): error is NuaError {
  if (!(error instanceof NuaError) || error.file !== undefined) return false;
  return error.code === "archive" || error.cause instanceof NuaError;
}
