/** A source tree over an archive: its members are listed once, nothing is unpacked. */
import type { ArchiveMember, ArchiveRequest } from "./archive-member.ts";
import { readMembers } from "./archive-members.ts";
import { type IndexTree, indexTree, type Node } from "./index-tree.ts";
import { codeOfBytes, codeOfStream } from "./member-code.ts";
import { decodeText, TREE_LIMITS } from "./source-tree.ts";

export interface ArchiveTree {
  tree: IndexTree;
  /** The one folder at the top of the archive that holds all, and is left out; else empty. */
  top: string;
}

/** @throws NuaError (input) as {@link readMembers} does */
export async function archiveTree(request: ArchiveRequest): Promise<ArchiveTree> {
  const index = new Map<string, Node>();
  const texts = new Texts();
  for await (const member of readMembers(request)) {
    if (member.path === "") continue;
    // As tar does: of two members with one name, the later one stays.
    index.delete(member.path);
    const node = await toNode(member, index, { texts, work: request.work });
    if (node !== undefined) index.set(member.path, node);
  }
  const top = topFolder(index);
  return { tree: indexTree(below(index, top)), top };
}

/**
 * The rule of src/python/nua/lib/archive.py: the only entry, where that is a folder.
 * @param index what an archive has, by paths; folders need not be among it
 */
export function topFolder(index: ReadonlyMap<string, Pick<Node, "kind">>): string {
  const tops = new Map<string, boolean>();
  for (const [path, { kind }] of index) {
    const [name = "", ...rest] = path.split("/");
    tops.set(name, tops.get(name) === true || rest.length > 0 || kind === "folder");
  }
  const [[name, isFolder] = ["", false], ...others] = tops;
  return others.length === 0 && isFolder ? name : "";
}

// --- internal ---

/** Texts of files, for as long as there is room for them: those at the top may be larger. */
class Texts {
  #left: number = TREE_LIMITS.texts;

  /** Bytes that this one may have, to be kept or looked at in memory. */
  limit({ path }: ArchiveMember): number {
    const isNearTop = path.split("/").length <= NEAR;
    const most = isNearTop ? TREE_LIMITS.text : Math.min(DEEP_TEXT, this.#left - RESERVE);
    return Math.min(most, this.#left);
  }

  take(bytes: Uint8Array): string | undefined {
    if (bytes.includes(0) && !hasMark(bytes)) return undefined;
    this.#left -= bytes.length;
    return decodeText(bytes);
  }
}

/** Names of a path: a top folder, one below it, and a file. */
const NEAR = 3;

/** Bytes of a file deeper down. */
const DEEP_TEXT = 256 * 1024;

/** Bytes that are kept for files near the top, which may come last. */
const RESERVE = TREE_LIMITS.texts / 2;

/** UTF-16 has zeros, and says what it is. */
function hasMark(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

interface Looking {
  texts: Texts;
  work: string | undefined;
}

async function toNode(
  member: ArchiveMember,
  index: ReadonlyMap<string, Node>,
  looking: Looking,
): Promise<Node | undefined> {
  const { kind, mode, target } = member;
  if (kind === "folder") return { kind };
  if (kind === "link") return { kind, target };
  if (kind === "twin") return index.get(target);
  return { kind, ...(await contentOf(member, looking)), executable: (mode & 0o111) !== 0 };
}

async function contentOf(
  member: ArchiveMember,
  { texts, work }: Looking,
): Promise<Pick<Extract<Node, { kind: "file" }>, "text" | "code">> {
  const limit = texts.limit(member);
  if (limit <= 0 || member.bytes > limit) {
    return { text: undefined, code: work ? await codeOfStream(member, work) : undefined };
  }
  const bytes = await member.read(limit);
  if (bytes === undefined) return { text: undefined };
  const code = codeOfBytes(bytes);
  return code === undefined ? { text: texts.take(bytes) } : { text: undefined, code };
}

function below(index: ReadonlyMap<string, Node>, top: string): ReadonlyMap<string, Node> {
  if (top === "") return index;
  const start = `${top}/`;
  return new Map(
    [...index]
      .filter(([path]) => path.startsWith(start))
      .map(([path, node]) => [path.slice(start.length), node]),
  );
}
