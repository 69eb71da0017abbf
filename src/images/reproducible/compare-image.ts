/** Compares an archive with a rebuilt image, and finds the first difference. */
import { archiveError } from "../../lib/archive-error.ts";
import { withPrefix } from "../../lib/digest.ts";
import { fileChunks } from "../../lib/input-file.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { readTar, type TarMember } from "../../lib/tar/read.ts";
import { openArchive } from "../archive/open-archive.ts";
import type { ArchiveSummary } from "../archive/read-archive.ts";
import { ArchiveScan } from "../archive/scan-archive.ts";
import type { NormalizedImage } from "./normalize-image.ts";

export interface Difference {
  /** A file, such as `/nua/app/x`, or a key of the image's config. */
  subject: string;
  /** `layer 2 of 4`, or `config`. */
  place: string;
  /** What is different, the archive's side first. */
  how: string;
}

/**
 * @param summary what {@link readArchive} has told of the archive, which verifies it
 * @returns undefined when both are the same image, to the last byte
 */
export async function compareImage(
  archive: { file: string; summary: ArchiveSummary },
  rebuilt: NormalizedImage,
): Promise<Difference | undefined> {
  const { summary } = archive;
  if (summary.configDigest === rebuilt.configDigest) return undefined;
  const count = Math.max(summary.layers.length, rebuilt.layers.length);
  for (let index = 0; index < count; index += 1) {
    const [ours, theirs] = [summary.layers[index], rebuilt.layers[index]];
    if (ours?.digest === theirs?.diffId) continue;
    const place = `layer ${index + 1} of ${count}`;
    if (ours === undefined) return { subject: "the image", place, how: "missing in the archive" };
    if (theirs === undefined) return { subject: "the image", place, how: "missing when rebuilt" };
    if (ours.isLeftOut) return { subject: "the base image", place, how: "its layers differ" };
    const before = await listArchiveLayer(archive.file, ours.digest);
    const after = await listLayer(fileChunks(theirs.file), theirs.file);
    return { place, ...compareFiles(before, after) };
  }
  const config = JSON.parse(new TextDecoder().decode(rebuilt.configBytes));
  return { place: "config", ...compareValues(summary.config, config, "") };
}

// --- internal ---

/** What counts of a file, as lines for people. */
type Listing = Map<string, Record<string, string>>;

async function listArchiveLayer(file: string, digest: string): Promise<Listing> {
  const attempt = `Read archive "${file}"`;
  const { chunks } = await openArchive(file, attempt);
  for await (const layer of new ArchiveScan(attempt).layers(chunks)) {
    if (layer.promisedDiffId !== undefined && digest !== withPrefix(layer.promisedDiffId)) continue;
    const listing = await listLayer(layer.content, attempt);
    if (withPrefix((await layer.finish()).diffId) === digest) return listing;
  }
  throw archiveError({ attempt }, `the layer ${digest} is missing`);
}

async function listLayer(content: ByteChunks, attempt: string): Promise<Listing> {
  const listing: Listing = new Map();
  for await (const member of readTar(content, { attempt })) {
    const hasher = new Bun.CryptoHasher("sha256");
    for await (const chunk of member.content) hasher.update(chunk);
    const path = `/${member.name.replace(/^\.?\/|\/$/g, "")}`;
    listing.set(path, describe(member, hasher.digest("hex")));
  }
  return listing;
}

function describe(member: TarMember, sha256: string): Record<string, string> {
  const { type, mode, uid, gid, size, mtime, linkName, attributes } = member;
  return {
    type,
    mode: mode.toString(8).padStart(4, "0"),
    owner: `${uid}:${gid}`,
    size: `${size} bytes`,
    content: `sha256:${sha256.slice(0, 12)}`,
    target: linkName,
    attributes: [...attributes].map(([name, value]) => `${name}=${value.toHex()}`).join(" "),
    time: new Date(mtime * 1000).toISOString(),
  };
}

function compareFiles(before: Listing, after: Listing): Pick<Difference, "subject" | "how"> {
  for (const subject of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, rebuilt] = [before.get(subject), after.get(subject)];
    if (rebuilt === undefined) return { subject, how: "it is not in the rebuilt image" };
    if (old === undefined) return { subject, how: "it is not in the archive" };
    const field = Object.keys(old).find((name) => old[name] !== rebuilt[name]);
    if (field) return { subject, how: `its ${field} is ${old[field]}, rebuilt ${rebuilt[field]}` };
  }
  return { subject: "the files", how: "they stand in another order, or in another form of tar" };
}

function compareValues(
  before: unknown,
  after: unknown,
  path: string,
): Pick<Difference, "subject" | "how"> {
  if (isObject(before) && isObject(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
      return compareValues(before[key], after[key], path === "" ? key : `${path}.${key}`);
    }
  }
  const how = `it is ${JSON.stringify(before)}, rebuilt ${JSON.stringify(after)}`;
  return { subject: path === "" ? "the config" : path, how };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
