/** Reads a layer for normalization: its files and whiteouts. */
import { archiveError } from "../../lib/archive-error.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { readTar, type TarMember } from "../../lib/tar/read.ts";
import { type FileContent, type FileTree, split, type TreeFile } from "./file-tree.ts";
import { isLeftover, rewriteOf } from "./leftovers.ts";

/** What a layer says, whatever is below it, and whenever it was made. */
export interface LayerContent {
  /** Paths of whiteout files. */
  whiteouts: string[];
  /** As the engine wrote them: with their times, and links as links. */
  files: TreeFile[];
}

/**
 * @param layer its uncompressed bytes
 * @param attempt for messages
 * @throws NuaError (archive) when it is damaged, or has names that are not in UTF-8
 */
export async function readLayer(layer: ByteChunks, attempt: string): Promise<LayerContent> {
  const content: LayerContent = { whiteouts: [], files: [] };
  for await (const member of readTar(layer, { attempt })) {
    const path = canonicalName(member.name);
    if (`${member.name}${member.linkName}`.includes("\ufffd")) {
      throw archiveError({ attempt, member: member.name }, "its name is not in UTF-8", {
        hint: "build without --reproducible, or give the file another name",
      });
    }
    if (isLeftover(path) || isPlainRoot(path, member)) continue;
    if (split(path)[1].startsWith(WHITEOUT)) content.whiteouts.push(path);
    else content.files.push(await readFile(member, path));
  }
  return content;
}

/**
 * Applies a layer to the tree of those below.
 * @param epoch seconds since 1970: no time in the layer is later than that
 */
export function applyLayer(layer: LayerContent, epoch: number, tree: FileTree): void {
  // Wherever they stand, they are about the layers below.
  for (const path of layer.whiteouts) applyWhiteout(path, tree);
  const files = layer.files.map((file) => withEpoch(file, epoch));
  for (const file of resolveLinks(files)) tree.put(file);
}

// --- internal ---

/** The format of whiteouts: OCI Image Format Specification, "Image Layer Filesystem Changeset". */
const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

function applyWhiteout(path: string, tree: FileTree): void {
  const [folder, name] = split(path);
  if (name === OPAQUE) tree.clear(folder);
  // The other names of that kind are notes of a file system to itself.
  else if (!name.startsWith(`${WHITEOUT}${WHITEOUT}`)) {
    const target = name.slice(WHITEOUT.length);
    tree.remove(folder === "" ? target : `${folder}/${target}`);
  }
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

async function readFile(member: TarMember, path: string): Promise<TreeFile> {
  const { type, linkName, mode, uid, gid, device, mtime } = member;
  const size = type === "0" ? member.size : 0;
  const header = { name: path, type, linkName, mode, uid, gid, device, mtime, size };
  const content = type === "0" ? await readContent(member, path) : undefined;
  return { header, attributes: portable(member.attributes), content };
}

/** The same file, with no time in it that is later. */
function withEpoch({ header, attributes, content }: TreeFile, epoch: number): TreeFile {
  const { type, name } = header;
  // A folder's time is that of the last change in it: nothing that anybody has decided.
  const mtime = type === "5" ? epoch : Math.min(header.mtime, epoch);
  if (content === undefined) return { header: { ...header, mtime }, attributes, content };
  const head = rewriteOf(name)?.apply(content.head, epoch) ?? content.head;
  const size = head.length + content.length;
  return { header: { ...header, mtime, size }, attributes, content: { ...content, head } };
}

/** What a security module of the build's machine has noted is of no meaning on another one. */
function portable(attributes: TarMember["attributes"]): TarMember["attributes"] {
  if (!attributes.has("security.selinux")) return attributes;
  return new Map([...attributes].filter(([name]) => name !== "security.selinux"));
}

async function readContent(
  { content, contentOffset, size }: TarMember,
  path: string,
): Promise<FileContent> {
  const hasher = new Bun.CryptoHasher("sha256");
  const wanted = Math.min(rewriteOf(path)?.bytes ?? 0, size);
  const head = new Uint8Array(wanted);
  let seen = 0;
  for await (const chunk of content) {
    const part = chunk.subarray(0, Math.max(0, wanted - seen));
    if (part.length > 0) head.set(part, seen);
    seen += chunk.length;
    hasher.update(chunk.subarray(part.length));
  }
  const digest = hasher.digest("hex");
  return { head, begin: contentOffset + wanted, length: size - wanted, digest };
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
