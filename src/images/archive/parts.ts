/** The names of an archive's parts: `FILE.001`, `FILE.002`, … */
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { archiveError } from "../../lib/archive-error.ts";
import { readChecksums } from "./checksum-file.ts";

/** @param index counted from 0 */
export function partName(target: string, index: number): string {
  return `${target}.${String(index + 1).padStart(3, "0")}`;
}

/** Recognizes the parts of an archive by their names without folder. */
export function partPattern(target: string): RegExp {
  return new RegExp(`^${RegExp.escape(basename(target))}\\.\\d{3,}$`);
}

/**
 * The files of an archive, in order: itself, or its parts where there is no such file. Which those
 * are, its checksum file says; without one, what has their names.
 * @param file an archive, or the first of its parts
 * @throws NuaError (archive) when a part is missing
 */
export async function findParts(file: string, attempt: string): Promise<string[]> {
  const target = file.replace(/\.001$/, "");
  const names = await readdir(dirname(target)).catch((): string[] => []);
  if (names.includes(basename(file)) && target === file) return [file];
  const count = (await countTold(target)) || countNamed(target, names);
  if (count === 0) return [file];
  const wanted = Array.from({ length: count }, (_, index) => partName(target, index));
  const missing = wanted.filter((part) => !names.includes(basename(part)));
  if (missing.length === 0) return wanted.map((part) => join(dirname(target), basename(part)));
  const list = missing.map((part) => basename(part)).join(", ");
  throw archiveError(
    { attempt },
    `of its ${count} parts ${list} ${missing.length > 1 ? "are" : "is"} missing`,
    {
      hint: "bring all parts into one folder",
    },
  );
}

// --- internal ---

/** How many parts the checksum file tells of. */
async function countTold(target: string): Promise<number> {
  const told = await readChecksums(target).catch(() => new Map<string, string>());
  const isPart = partPattern(target);
  return [...told.keys()].filter((name) => isPart.test(name)).length;
}

/** How many parts there have to be. What looks like a date is none of them. */
function countNamed(target: string, names: readonly string[]): number {
  const isPart = partPattern(target);
  const numbers = names
    .filter((name) => isPart.test(name))
    .map((name) => Number(name.slice(name.lastIndexOf(".") + 1)))
    .sort((one, other) => one - other);
  const small = numbers.filter((number) => number < FOUR_DIGITS);
  if (small.length < FOUR_DIGITS - 1) return small.at(-1) ?? 0;
  return numbers.findLast((number, index) => number === index + 1) ?? 0;
}

/** From there on a number is longer than the three digits that each has at least. */
const FOUR_DIGITS = 1000;
