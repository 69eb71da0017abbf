/** Writes a normalized layer: the same bytes for the same changes. */
import { type FileHandle, open } from "node:fs/promises";
import { extentChunks } from "../../lib/input-file.ts";
import { TAR_END, tarMember } from "../../lib/tar/write.ts";
import { type FileContent, type FileTree, split, type TreeFile } from "./file-tree.ts";

/**
 * The changes in the order of their paths: whiteouts for what is gone, all that is new or
 * different, and the folders on the way to them, since engines would make those up.
 * @param changes what was there before, by path
 */
export function listChanges(
  tree: FileTree,
  changes: ReadonlyMap<string, TreeFile | undefined>,
): TreeFile[] {
  const listed = new Map<string, TreeFile>();
  for (const [path, before] of changes) {
    const after = tree.get(path);
    if (after !== undefined && !isSame(before, after)) listed.set(path, after);
    const [folder, name] = split(path);
    // Of what was in a folder that is gone, too, the folder's own whiteout tells: below it, engines
    // find no folder to put another one into.
    if (after === undefined && before !== undefined && tree.hasFolder(folder)) {
      listed.set(path, whiteout(folder, name));
    }
  }
  addWholeGroups(listed, changes.keys(), tree);
  for (const path of [...listed.keys()]) {
    for (let [folder] = split(path); folder !== ""; [folder] = split(folder)) {
      const file = tree.get(folder);
      if (file !== undefined) listed.set(folder, file);
    }
  }
  return withLinks(sortByName([...listed.values()]));
}

/**
 * The bytes of the layer.
 * @param source the file of the layer that came from the engine
 */
export async function* layerBytes(
  files: readonly TreeFile[],
  source: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(source, "r");
  try {
    for (const { header, attributes, content } of files) {
      const name = header.type === "5" ? `${header.name || "."}/` : header.name;
      const member = { ...header, name, attributes };
      yield* tarMember(member, content && contentBytes(content, handle));
    }
    yield TAR_END;
  } finally {
    await handle.close();
  }
}

// --- internal ---

async function* contentBytes(
  { head, begin, length }: FileContent,
  handle: FileHandle,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield head;
  yield* extentChunks(handle, { begin, size: length });
}

function isSame(before: TreeFile | undefined, after: TreeFile): boolean {
  return (
    before !== undefined &&
    isSameContent(before.content, after.content) &&
    JSON.stringify(before.header) === JSON.stringify(after.header) &&
    isSameMap(before.attributes, after.attributes)
  );
}

function isSameContent(left: FileContent | undefined, right: FileContent | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.digest === right.digest && Buffer.compare(left.head, right.head) === 0;
}

function isSameMap(
  left: ReadonlyMap<string, Uint8Array>,
  right: ReadonlyMap<string, Uint8Array>,
): boolean {
  const isHeld = ([name, value]: [string, Uint8Array]) =>
    Buffer.compare(value, right.get(name) ?? new Uint8Array()) === 0 && right.has(name);
  return left.size === right.size && [...left].every(isHeld);
}

function whiteout(folder: string, name: string): TreeFile {
  const path = `${folder === "" ? "" : `${folder}/`}.wh.${name}`;
  const header = { name: path, type: "0", linkName: "", mode: 0, uid: 0, gid: 0, mtime: 0 };
  return {
    header: { ...header, size: 0, device: [0, 0] },
    attributes: new Map(),
    content: undefined,
  };
}

/** Of a file with several names, all are in the layer or none. */
function addWholeGroups(
  listed: Map<string, TreeFile>,
  touched: Iterable<string>,
  tree: FileTree,
): void {
  const groups = new Set([...listed.values()].map(({ linkGroup }) => linkGroup));
  for (const path of touched) {
    const file = tree.get(path);
    if (file?.linkGroup !== undefined && groups.has(file.linkGroup)) listed.set(path, file);
  }
}

/** By the bytes of the names, so that a folder comes before what is in it. */
function sortByName(files: TreeFile[]): TreeFile[] {
  return files
    .map((file) => ({ file, key: Buffer.from(file.header.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ file }) => file);
}

/** The first name of a group is the file, the others are links to it. */
function withLinks(files: readonly TreeFile[]): TreeFile[] {
  const first = new Map<string, string>();
  return files.map((file) => {
    const { linkGroup, header } = file;
    if (linkGroup === undefined) return file;
    const target = first.get(linkGroup);
    if (target === undefined) {
      first.set(linkGroup, header.name);
      return file;
    }
    const link = { ...header, type: "1", linkName: target, size: 0 };
    return { ...file, header: link, attributes: new Map(), content: undefined };
  });
}
