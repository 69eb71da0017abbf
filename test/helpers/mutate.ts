/** Mutates archives by a seed: hostile or damaged ones. */
import { TAR_BLOCK } from "../../src/lib/tar/header.ts";
import { createRandom } from "./small-bundle.ts";
import { fixChecksum } from "./tar-bytes.ts";

export type Random = (limit: number) => number;

/** What hostile names and links are made of. @param canary a file that nothing may touch */
export function hostileNames(canary: string): string[] {
  return [
    ...["..", "../canary", "../../canary", "../other", "a/../../canary", "/", "", ".", "./", "//a"],
    ...[canary, `${canary}/x`, "/etc/passwd", "/dev/zero", "/proc/self/environ", "a", "A", "a/b"],
    ...["a/b/c", "link", "link/evil", "link/../..", "é", "e\u0301", "\ufffd", "a\\..\\..\\canary"],
    ...["x".repeat(99), "d/".repeat(49), ".wh.a", "manifest.json", "index.json", "nua-bundle.json"],
  ];
}

/** Bytes with some of them changed, gone, doubled or cut off. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes);
  for (let count = 1 + random(4); count > 0; count -= 1) {
    const at = random(result.length + 1);
    const length = random(Math.min(600, result.length - at) + 1);
    const [before, piece, after] = [
      result.subarray(0, at),
      result.subarray(at, at + length),
      result.subarray(at + length),
    ];
    const noise = Buffer.from(Array.from({ length: random(9) }, () => random(256)));
    const kinds = [
      () => [before, after],
      () => [before, piece, piece, after],
      () => [before, noise, after],
      () => [before, noise, piece, after],
      () => [after, before],
      () => [before],
    ];
    result = Buffer.concat(kinds[random(kinds.length)]!());
  }
  return result;
}

/** A tar of the same kind, with members moved, doubled and made into something else. */
export function mutateTar(bytes: Buffer, random: Random, names: readonly string[]): Buffer {
  const members = splitMembers(bytes);
  for (let count = 1 + random(5); count > 0 && members.length > 0; count -= 1) {
    const at = random(members.length);
    const member = Buffer.from(members[at]!);
    const kind = random(4);
    if (kind === 0) members.splice(random(members.length + 1), 0, ...members.splice(at, 1));
    else if (kind === 1) members.splice(random(members.length + 1), 0, member);
    else members[at] = mutateHeader(member, random, names);
  }
  return Buffer.concat([...members, Buffer.alloc(2 * TAR_BLOCK)]);
}

/** One of the two, at random. */
export function mutate(bytes: Buffer, random: Random, names: readonly string[]): Buffer {
  return random(4) === 0 ? mutateBytes(bytes, random) : mutateTar(bytes, random, names);
}

/** A generator for each run, so that a failure can be repeated by its number alone. */
export function randomOf(run: number): Random {
  const random = createRandom(run * 2_654_435_761);
  for (let skipped = 0; skipped < 3; skipped += 1) random(2);
  return random;
}

// --- internal ---

function mutateHeader(member: Buffer, random: Random, names: readonly string[]): Buffer {
  const name = () => names[random(names.length)]!;
  const put = (text: string, offset: number, length: number) => {
    member.fill(0, offset, offset + length);
    member.write(text.slice(0, length), offset, "utf8");
  };
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
  const kinds = [
    () => put(name(), 0, 100),
    () => put(name(), 157, 100),
    () => put("01234567LKxgSXV\0"[random(16)]!, 156, 1),
    () => put(octal([0, 1, 512, 1000, 8 ** 11 - 1][random(5)]!, 12), 124, 12),
    () => put(octal(random(8 ** 4), 8), 100, 8),
    () => put(name(), 345, 155),
    () => {
      // As much as base 256 can tell.
      member.fill(0xff, 125, 136);
      member[124] = 0x80;
    },
    () => {
      put("2", 156, 1);
      put(name(), 157, 100);
    },
  ];
  for (let count = 1 + random(2); count > 0; count -= 1) kinds[random(kinds.length)]!();
  return fixChecksum(member);
}

/** Each with its content. */
function splitMembers(bytes: Buffer): Buffer[] {
  const members: Buffer[] = [];
  for (let at = 0; at + TAR_BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 135), 8) || 0;
    const length = TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    members.push(bytes.subarray(at, at + length));
    at += length;
  }
  return members;
}
