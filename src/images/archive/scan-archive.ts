/**
 * Reads an image archive of any layout in one pass (docker-archive, OCI layout), though its
 * manifest often comes last. Layers are handed out as they come by, JSON documents are kept,
 * everything is verified against the digest in its name, nothing else is held in memory.
 */
import { posix } from "node:path";
import { type ArchivePlace, archiveError, placeOf } from "../../lib/archive-error.ts";
import { digestInName, sha256Hex } from "../../lib/digest.ts";
import { type ByteChunks, ByteReader, readWhole } from "../../lib/tar/byte-reader.ts";
import { looksLikeTar, TAR_BLOCK } from "../../lib/tar/header.ts";
import { type ReadTarOptions, readTar, type TarMember } from "../../lib/tar/read.ts";
import { detectCompression } from "./compression.ts";
import { ScannedLayer } from "./scanned-layer.ts";

export interface LayerRecord {
  name: string;
  offset: number;
  /** Of the uncompressed layer, in hexadecimal digits. */
  diffId: string;
  /** Of the uncompressed layer. */
  bytes: number;
}

export interface ScannedDocument {
  bytes: Uint8Array;
  place: ArchivePlace;
}

export class ArchiveScan {
  /** By the member's name. */
  readonly documents = new Map<string, ScannedDocument>();
  /** By the member's name; complete when {@link layers} has come to its end. */
  readonly layerRecords = new Map<string, LayerRecord>();
  readonly attempt: string;
  /** From a link's name to the name that it stands for. */
  readonly #links = new Map<string, string>();
  readonly #names = new Set<string>();
  #documentBytes = 0;

  /** @param attempt for messages, such as `Read archive "app.tar"` */
  constructor(attempt: string) {
    this.attempt = attempt;
  }

  /**
   * The layers in the order of the archive. Each may be read before the next is asked for; it
   * is read and verified to its end in any case.
   * @throws NuaError (archive) when the archive is damaged
   */
  async *layers(
    source: ByteChunks,
    options: Pick<ReadTarOptions, "totalBytes"> = {},
  ): AsyncGenerator<ScannedLayer, void, undefined> {
    for await (const member of readTar(source, { ...options, attempt: this.attempt })) {
      const layer = await this.#receive(member);
      if (layer === undefined) continue;
      try {
        yield layer;
        const { name, offset } = layer;
        this.layerRecords.set(name, { name, offset, ...(await layer.finish()) });
      } finally {
        await layer.close();
      }
    }
    if (this.#names.size === 0) throw archiveError(this, "it is empty");
  }

  /** Follows links to the member that they stand for. */
  resolve(name: string): string {
    let resolved = posix.normalize(name);
    for (let step = 0; step < LINK_LIMIT; step += 1) {
      const next = this.#links.get(resolved);
      if (next === undefined) return resolved;
      resolved = next;
    }
    return resolved;
  }

  async #receive(member: TarMember): Promise<ScannedLayer | undefined> {
    const place = placeOf(this.attempt, member);
    const name = safeName(member.name, place);
    if (member.type === "5") return undefined;
    this.#remember(name, place);
    if (isLink(member)) {
      this.#links.set(name, linkTarget(name, member, place));
      return undefined;
    }
    if (member.type !== "0" || UNREAD.test(name)) return undefined;
    const reader = new ByteReader(member.content);
    const head = (await reader.takeAll(TAR_BLOCK)).slice();
    const content = joined(head, reader);
    if (isDocument(name, head)) {
      await this.#keep(name, content, place);
      return undefined;
    }
    const compression = detectCompression(head);
    if (compression === undefined && !looksLikeTar(head)) {
      if (LAYER_NAME.test(name)) throw archiveError(place, "it is not a tar file");
      return undefined;
    }
    return new ScannedLayer({ name, member, content, compression, place });
  }

  #remember(name: string, place: ArchivePlace): void {
    if (this.#names.has(name))
      throw archiveError(place, "the archive has two members of that name");
    if (this.#names.size >= MEMBER_LIMIT) {
      throw archiveError(place, `the archive has more than ${MEMBER_LIMIT} members`);
    }
    this.#names.add(name);
  }

  async #keep(name: string, content: ByteChunks, place: ArchivePlace): Promise<void> {
    const bytes = await readWhole(content, DOCUMENT_LIMIT);
    // A list of everything in an image may be that long; a document that is needed is not.
    if (bytes === undefined) return;
    this.#documentBytes += bytes.length;
    if (this.#documentBytes > DOCUMENTS_LIMIT) {
      throw archiveError(place, `the archive has more than ${DOCUMENTS_LIMIT} bytes of JSON`);
    }
    const promised = digestInName(name);
    if (promised !== undefined && sha256Hex(bytes) !== promised) {
      throw archiveError(place, "its digest is not the one in its name");
    }
    this.documents.set(name, { bytes, place });
  }
}

// --- internal ---

/** Of one document: registries refuse manifests from 4 MiB on. */
const DOCUMENT_LIMIT = 4 * 1024 * 1024;
/** Of all documents together, so that memory stays flat whatever an archive holds. */
const DOCUMENTS_LIMIT = 16 * 1024 * 1024;
const MEMBER_LIMIT = 100_000;
const LINK_LIMIT = 8;

/** What old engines need and nothing here does: they would only fill the memory. */
const UNREAD = /(^|\/)(json|VERSION|repositories|oci-layout)$/;

const LAYER_NAME = /\.tar$/;

function isLink(member: TarMember): boolean {
  return member.type === "1" || member.type === "2";
}

function isDocument(name: string, head: Uint8Array): boolean {
  if (/\.json$/.test(name)) return true;
  // The first name in a layer may begin with a brace as well.
  return /^\s*[[{]/.test(Buffer.from(head).toString("latin1")) && !looksLikeTar(head);
}

/** A member's name in its shortest form. */
function safeName(name: string, place: ArchivePlace): string {
  if (name.split("/").includes("..")) throw archiveError(place, 'its name contains ".."');
  return insideOnly(posix.normalize(name), place);
}

function linkTarget(name: string, member: TarMember, place: ArchivePlace): string {
  // A symbolic link starts from its own folder, a hard link from the archive's top.
  const base = member.type === "2" ? posix.dirname(name) : ".";
  const isAbsolute = member.linkName.startsWith("/");
  return insideOnly(isAbsolute ? member.linkName : posix.join(base, member.linkName), place);
}

function insideOnly(path: string, place: ArchivePlace): string {
  if (path === ".." || path.startsWith("../") || path.startsWith("/")) {
    throw archiveError(place, `"${path}" leads out of the archive`);
  }
  return path.replace(/\/$/, "");
}

async function* joined(head: Uint8Array, reader: ByteReader): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (;;) {
    const chunk = await reader.take(Number.POSITIVE_INFINITY);
    if (chunk === undefined) return;
    yield chunk;
  }
}
