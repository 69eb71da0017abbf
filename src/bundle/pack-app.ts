/** An app's folder -> a tar file: what builds of it read, and nothing that may be private. */
import { randomBytes } from "node:crypto";
import { readlinkSync, type Stats, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, join, normalize, relative, resolve } from "node:path";
import { diskError } from "../archive/disk.ts";
import { encodeTarMember } from "../archive/encode-tar-member.ts";
import { createBuffers } from "../archive/file-destination.ts";
import { extentChunks } from "../archive/input-file.ts";
import { OutputFile } from "../archive/output-file.ts";
import { TAR_BLOCK, type TarHeader, tarPadding } from "../archive/tar-header.ts";
import { isStagedAtTop, isStagedBelow } from "../plan/staging.ts";
import { DEFAULT_EPOCH } from "../reproducible/normalize-image.ts";
import { NuaError } from "../shared/errors.ts";
import { walkTree } from "../staging/walk-tree.ts";
import type { BlobFile } from "./blob-file.ts";
import type { BundleApp } from "./bundle-index.ts";

export interface PackAppRequest {
  /** The app's folder. */
  root: string;
  tag: string;
  /** Its nua-config file. */
  file: string;
  /** Its text as it may be carried away; without it, it goes along as it is. */
  configText?: string | undefined;
  /** Paths in it that its nua-config names: they go along whatever they are called. */
  named?: readonly string[] | undefined;
  /** A folder that is there, for the tar file. */
  folder: string;
  signal: AbortSignal;
}

export interface PackedApp {
  app: BundleApp;
  blob: BlobFile;
}

/**
 * The same bytes for the same files, whenever they were written.
 * @throws NuaError (archive) when the disk is full, (input) when a file changes meanwhile
 */
export async function packApp(request: PackAppRequest): Promise<PackedApp> {
  const { root, tag, file: configFile, folder, signal } = request;
  const attempt = `Pack app "${root}"`;
  const part = join(folder, `app.${randomBytes(6).toString("hex")}.part`);
  const file = await OutputFile.create(part, { attempt, buffers: createBuffers() });
  const hasher = new Bun.CryptoHasher("sha256");
  try {
    for await (const chunk of appBytes(await listEntries(request), attempt)) {
      signal.throwIfAborted();
      hasher.update(chunk);
      await file.write(chunk);
    }
    await file.close({ sync: false });
    const source = hasher.digest("hex");
    await rename(part, join(folder, source));
    const config = relative(root, configFile);
    const app = { tag, name: basename(resolve(root)) || "app", config, source };
    return { app, blob: { file: join(folder, source), bytes: file.bytes } };
  } finally {
    await file.abandon();
    await rm(part, { force: true });
  }
}

// --- internal ---

interface Entry {
  header: TarHeader;
  /** The file with the content, or the content itself. */
  from?: string;
  content?: Buffer;
}

async function listEntries(request: PackAppRequest): Promise<Entry[]> {
  const { root, file: configFile, configText, named = [], signal } = request;
  const config = relative(root, configFile);
  const entries: Entry[] = [];
  const tops = new Set(named.map((path) => normalize(path).split("/")[0]));
  await walkTree(
    { from: root, accept: (name) => isPacked(name) || tops.has(name), signal },
    {
      folder: (path, from) => {
        if (path !== "") entries.push({ header: header(`${path}/`, "5", statSync(from)) });
      },
      file: (path, from, info) => {
        if (path === config && configText !== undefined) {
          const content = Buffer.from(configText, "utf8");
          entries.push({ header: { ...header(path, "0", info), size: content.length }, content });
          return;
        }
        entries.push({ header: { ...header(path, "0", info), size: info.size }, from });
      },
      link: (path, from, info) => {
        entries.push({ header: { ...header(path, "2", info), linkName: readlinkSync(from) } });
      },
      other: () => {},
    },
  );
  return entries;
}

/** More than a build context has: what is read beside it, such as the nua-config. */
function isPacked(name: string): boolean {
  if (!isStagedBelow(name)) return false;
  return isStagedAtTop(name) || !name.startsWith(".") || name === ".dockerignore";
}

/** Its time is one that zip files can tell: tools that pack files refuse earlier ones. */
function header(name: string, type: string, { mode }: Stats): TarHeader {
  const owner = { uid: 0, gid: 0, mtime: DEFAULT_EPOCH };
  return { name, type, size: 0, linkName: "", mode: mode & 0o777, ...owner, device: [0, 0] };
}

async function* appBytes(
  entries: readonly Entry[],
  attempt: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { header: head, from, content } of entries) {
    yield encodeTarMember(head, new Map());
    if (content !== undefined) yield Buffer.concat([content, Buffer.alloc(tarPadding(head.size))]);
    if (from === undefined) continue;
    const handle = await open(from, "r").catch((cause: unknown) => {
      throw diskError(attempt, from, cause);
    });
    try {
      const read = yield* extentChunks(handle, { begin: 0, size: head.size });
      if (read < head.size) throw new NuaError("input", `${attempt}: "${from}" changes meanwhile`);
    } finally {
      await handle.close();
    }
    yield new Uint8Array(tarPadding(head.size));
  }
  yield new Uint8Array(2 * TAR_BLOCK);
}
