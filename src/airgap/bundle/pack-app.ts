/** Packs an app's folder for a bundle, without secrets. */
import { randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import { type FileHandle, rename, rm } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { PathNote } from "../../context/stage-tree.ts";
import { createBuffers } from "../../images/archive/file-destination.ts";
import { OutputFile } from "../../images/archive/output-file.ts";
import { DEFAULT_EPOCH } from "../../images/reproducible/normalize-image.ts";
import { fromBytes, type Place, showPath } from "../../lib/byte-path.ts";
import { NuaError } from "../../lib/errors.ts";
import { extentChunks } from "../../lib/input-file.ts";
import { openRegular } from "../../lib/regular-file.ts";
import type { TarHeader } from "../../lib/tar/header.ts";
import { TAR_END, tarMember } from "../../lib/tar/write.ts";
import { errorCode, readError } from "../../source/app-file.ts";
import { isStagedBelow, plainMode } from "../../source/staged-names.ts";
import type { TakeRules } from "../../source/take-rules.ts";
import { walkTree } from "../../source/walk-tree.ts";
import type { BlobFile } from "./blob-file.ts";
import type { BundleApp } from "./bundle-index.ts";

export interface PackAppRequest {
  /** The app's folder. */
  root: string;
  tag: string;
  /** Its nua-config file; null where it has none. */
  file: string | null;
  /** Its text as it may be carried away; without it, it goes along as it is. */
  configText?: string | undefined;
  /** What of it is taken. */
  rules: TakeRules;
  /** A folder that is there, for the tar file. */
  folder: string;
  signal: AbortSignal;
}

export interface PackedApp {
  /** What a person is to be told of its files. */
  notes: PathNote[];
  app: BundleApp;
  blob: BlobFile;
}

/**
 * The same bytes for the same files, whenever they were written.
 * @throws NuaError (archive) when the disk is full, (input) when a file changes meanwhile, cannot
 *   be read, or has a name that is not UTF-8, which bundles cannot hold
 */
export async function packApp(request: PackAppRequest): Promise<PackedApp> {
  const { root, tag, file: configFile, folder, signal } = request;
  const attempt = `Pack app "${root}"`;
  const part = join(folder, `app.${randomBytes(6).toString("hex")}.part`);
  const file = await OutputFile.create(part, { attempt, buffers: createBuffers() });
  const hasher = new Bun.CryptoHasher("sha256");
  try {
    const notes: PathNote[] = [];
    for await (const chunk of appBytes(await listEntries(request, notes), attempt)) {
      signal.throwIfAborted();
      hasher.update(chunk);
      await file.write(chunk);
    }
    await file.close({ sync: false });
    const source = hasher.digest("hex");
    await rename(part, join(folder, source));
    const config = configFile === null ? null : relative(root, configFile);
    const app = { tag, name: basename(resolve(root)) || "app", config, source };
    return { notes, app, blob: { file: join(folder, source), bytes: file.bytes } };
  } finally {
    await file.abandon();
    await rm(part, { force: true });
  }
}

// --- internal ---

interface Entry {
  header: TarHeader;
  /** The file with the content, or the content itself. */
  from?: Place;
  content?: Buffer;
}

/** More than a build context has: what is read beside it, such as the nua-config. */
async function listEntries(
  { root, file: configFile, configText, rules: take, signal }: PackAppRequest,
  notes: PathNote[],
): Promise<Entry[]> {
  const config = configFile === null ? null : relative(root, configFile);
  const entries: Entry[] = [];
  await walkTree(
    { from: root, accept: isStagedBelow, rules: { take, base: "" }, signal },
    {
      folder: (path) => {
        if (path !== "") entries.push({ header: header(`${path}/`, "5", 0o755) });
      },
      file: (path, from, { mode, size }) => {
        const head = header(path, "0", plainMode(mode));
        if (path === config && configText !== undefined) {
          const content = Buffer.from(configText, "utf8");
          entries.push({ header: { ...head, size: content.length }, content });
          return;
        }
        entries.push({ header: { ...head, size }, from });
      },
      link: (path, from) => {
        const linkName = textOf(fromBytes(readlinkSync(from, { encoding: "buffer" })));
        entries.push({ header: { ...header(path, "2", 0o777), linkName } });
      },
      other: () => {},
      note: (path, note) => notes.push({ path, note }),
    },
  );
  return entries;
}

/** Its time is one that zip files can tell: tools that pack files refuse earlier ones. */
function header(name: string, type: string, mode: number): TarHeader {
  const owner = { uid: 0, gid: 0, mtime: DEFAULT_EPOCH };
  return { name: textOf(name), type, size: 0, linkName: "", mode, ...owner, device: [0, 0] };
}

function textOf(path: string): string {
  if (path.isWellFormed()) return path;
  throw new NuaError("input", `Pack "${showPath(path)}": its name is not UTF-8`, {
    hint: "give it another name, or leave it out with .dockerignore",
  });
}

async function* appBytes(
  entries: readonly Entry[],
  attempt: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { header: head, from, content } of entries) {
    yield* tarMember(head, from === undefined ? content : fileBytes(from, head.size, attempt));
  }
  yield TAR_END;
}

async function* fileBytes(
  from: Place,
  size: number,
  attempt: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await openFile(from, attempt);
  try {
    if ((await handle.stat()).size !== size) throw changing(from, attempt);
    const read = yield* extentChunks(handle, { begin: 0, size });
    if (read < size) throw changing(from, attempt);
  } finally {
    await handle.close();
  }
}

/** Whatever has come to its place since it was a file: nothing that is waited for. */
async function openFile(from: Place, attempt: string): Promise<FileHandle> {
  return openRegular(from).catch((cause: unknown) => {
    throw errorCode(cause) === ""
      ? changing(from, attempt)
      : readError(attempt, String(from), cause);
  });
}

function changing(from: Place, attempt: string): NuaError {
  return new NuaError("input", `${attempt}: "${from}" changes meanwhile`, {
    hint: "try again when nothing writes to it",
  });
}
