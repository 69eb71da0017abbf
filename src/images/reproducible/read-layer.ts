/** A layer as an engine wrote it -> what it changes in the layers below. */
import { archiveError } from "../../lib/archive-error.ts";
import { fileChunks } from "../../lib/input-file.ts";
import { readTar, type TarMember } from "../../lib/tar/read.ts";
import { type FileContent, type FileTree, split, type TreeFile } from "./file-tree.ts";
import { isLeftover, rewriteOf } from "./leftovers.ts";

export interface LayerFile {
  /** The layer's uncompressed bytes. */
  path: string;
  /** For messages. */
  attempt: string;
  /** Seconds since 1970: no time in the layer is later than that. */
  epoch: number;
}

/**
 * Applies a layer to the tree of those below.
 * @throws NuaError (archive) when it is damaged, or has names that are not in UTF-8
 */
export async function applyLayer(layer: LayerFile, tree: FileTree): Promise<void> {
  const files: TreeFile[] = [];
  for await (const member of readTar(fileChunks(layer.path), { attempt: layer.attempt })) {
    const path = canonicalName(member.name);
    if (`${member.name}${member.linkName}`.includes("\ufffd")) {
      throw archiveError({ ...layer, member: member.name }, "its name is not in UTF-8", {
        hint: "build without --reproducible, or give the file another name",
      });
    }
    if (isLeftover(path) || isPlainRoot(path, member)) continue;
    if (!applyWhiteout(path, tree)) files.push(await readFile(member, path, layer));
  }
  // Whiteouts, wherever they stand, are about the layers below.
  for (const file of resolveLinks(files)) tree.put(file);
}

// --- internal ---

/** The format of whiteouts: OCI Image Format Specification, "Image Layer Filesystem Changeset". */
const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

function applyWhiteout(path: string, tree: FileTree): boolean {
  const [folder, name] = split(path);
  if (!name.startsWith(WHITEOUT)) return false;
  if (name === OPAQUE) tree.clear(folder);
  // The other names of that kind are notes of a file system to itself.
  else if (!name.startsWith(`${WHITEOUT}${WHITEOUT}`)) {
    const target = name.slice(WHITEOUT.length);
    tree.remove(folder === "" ? target : `${folder}/${target}`);
  }
  return true;
}

function canonicalName(name: string): string {
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Some tools list the root folder, others do not. */
function isPlainRoot(path: string, { mode, uid, gid }: TarMember): boolean {
  return path === "" && mode === 0o755 && uid === 0 && gid === 0;
}

async function readFile(member: TarMember, path: string, layer: LayerFile): Promise<TreeFile> {
  const { type, linkName, mode, uid, gid, device, mtime } = member;
  // A folder's time is that of the last change in it: nothing that anybody has decided.
  const time = type === "5" ? layer.epoch : Math.min(mtime, layer.epoch);
  const header = { name: path, type, linkName, mode, uid, gid, device, mtime: time, size: 0 };
  const attributes = portable(member.attributes);
  if (type !== "0") return { header, attributes, digest: "", content: undefined };
  const { digest, content } = await readContent(member, path, layer.epoch);
  const size = content.head.length + content.length;
  return { header: { ...header, size }, attributes, digest, content };
}

/** What a security module of the build's machine has noted is of no meaning on another one. */
function portable(attributes: TarMember["attributes"]): TarMember["attributes"] {
  if (!attributes.has("security.selinux")) return attributes;
  return new Map([...attributes].filter(([name]) => name !== "security.selinux"));
}

async function readContent(
  { content, contentOffset, size }: TarMember,
  path: string,
  epoch: number,
): Promise<{ digest: string; content: FileContent }> {
  const hasher = new Bun.CryptoHasher("sha256");
  const rewrite = rewriteOf(path);
  const wanted = Math.min(rewrite?.bytes ?? 0, size);
  const head = new Uint8Array(wanted);
  let seen = 0;
  for await (const chunk of content) {
    const part = chunk.subarray(0, Math.max(0, wanted - seen));
    if (part.length > 0) head.set(part, seen);
    seen += chunk.length;
    if (part.length === 0) hasher.update(chunk);
    else if (seen >= wanted) {
      hasher.update(rewrite?.apply(head, epoch) ?? head);
      hasher.update(chunk.subarray(part.length));
    }
  }
  return {
    digest: hasher.digest("hex"),
    content: {
      head: rewrite?.apply(head, epoch) ?? head,
      begin: contentOffset + wanted,
      length: size - wanted,
    },
  };
}

/** A hard link becomes a file like the one that it names, in one group with it. */
function resolveLinks(files: readonly TreeFile[]): TreeFile[] {
  const byPath = new Map(files.map((file) => [file.header.name, file]));
  return [...byPath.values()].map((file) => {
    if (file.header.type !== "1") return file;
    const target = byPath.get(canonicalName(file.header.linkName));
    if (target === undefined || target.header.type === "1") return file;
    const group = target.header.name;
    target.linkGroup = group;
    return { ...target, header: { ...target.header, name: file.header.name }, linkGroup: group };
  });
}
