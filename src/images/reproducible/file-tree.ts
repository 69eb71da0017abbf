/**
 * The file system that layers add up to, and what the next layer changes in it. Two engines may
 * describe the same change differently (unchanged folders, opaque whiteouts, hard links); what it
 * looks like before and after is the same.
 */
import type { TarHeader } from "../../lib/tar/header.ts";

/** Where the bytes of a file are: `head` first, then a piece of the layer that came from the engine. */
export interface FileContent {
  head: Uint8Array;
  /** Offset in the layer. */
  begin: number;
  /** Bytes from there on. */
  length: number;
  /** SHA-256 of those, in hexadecimal digits. */
  digest: string;
}

export interface TreeFile {
  /** Its name is the path: without a slash at either end; "" is the root. */
  header: TarHeader;
  attributes: ReadonlyMap<string, Uint8Array>;
  /** Undefined for what has none. */
  content: FileContent | undefined;
  /** Those with the same value, in one layer, are one file with several names. */
  linkGroup?: string | undefined;
}

export class FileTree {
  readonly #root = new Node();
  /** What was there before, by the path of all that was touched. */
  #before = new Map<string, TreeFile | undefined>();

  get(path: string): TreeFile | undefined {
    return this.#find(path)?.file;
  }

  /** Whether a folder is there, be it one that no layer has told of: then its files have made it. */
  hasFolder(path: string): boolean {
    const node = this.#find(path);
    return node !== undefined && (node.file === undefined || node.file.header.type === "5");
  }

  /** A folder keeps what is in it, unless a file takes its place. */
  put(file: TreeFile): void {
    const path = file.header.name;
    const node = this.#make(path);
    this.#remember(path, node.file);
    if (file.header.type !== "5") this.clear(path);
    node.file = file;
  }

  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): void {
    const node = this.#find(path);
    if (node === undefined) return;
    const file = node.file ?? (node.children.size > 0 ? untoldFolder(path) : undefined);
    this.clear(path);
    this.#remember(path, file);
    const [parent, name] = split(path);
    this.#find(parent)?.children.delete(name);
  }

  /** Removes what is in a folder. */
  clear(path: string): void {
    const node = this.#find(path);
    if (node === undefined) return;
    for (const name of [...node.children.keys()])
      this.remove(path === "" ? name : `${path}/${name}`);
  }

  /** @returns what was there before, by path, since this was last asked */
  takeChanges(): Map<string, TreeFile | undefined> {
    const changes = this.#before;
    this.#before = new Map();
    return changes;
  }

  #remember(path: string, file: TreeFile | undefined): void {
    if (!this.#before.has(path)) this.#before.set(path, file);
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of parts(path)) node = node?.children.get(name);
    return node;
  }

  #make(path: string): Node {
    let node = this.#root;
    for (const name of parts(path)) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = new Node();
        node.children.set(name, child);
      }
      node = child;
    }
    return node;
  }
}

/** The folder that a path is in, and its name there. */
export function split(path: string): [string, string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}

// --- internal ---

class Node {
  /** Undefined for a folder that no layer has told of. */
  file: TreeFile | undefined;
  readonly children = new Map<string, Node>();
}

/** What engines make up where no layer tells of a folder. */
function untoldFolder(path: string): TreeFile {
  const header = { name: path, type: "5", linkName: "", mode: 0o755, uid: 0, gid: 0, mtime: 0 };
  return {
    header: { ...header, size: 0, device: [0, 0] },
    attributes: new Map(),
    content: undefined,
  };
}

function parts(path: string): string[] {
  return path === "" ? [] : path.split("/");
}
