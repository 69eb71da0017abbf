/** Pure: the libraries that a program is linked with: those of the release, and those of packages. */
import { posix } from "node:path";
import type { Elf } from "../../lib/elf.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { baseOf, findCode } from "./programs.ts";
import { isInEveryBase, packageOf } from "./sonames.ts";

export interface Linked {
  /** Of packages, with the first file that is linked with each. */
  missing: { soname: string; by: string }[];
  /** Folders of the release whose libraries nothing finds by itself. */
  folders: string[];
  /** The C library that it is linked with. */
  libc: "glibc" | "musl" | null;
  /** The newest version of glibc that is asked for, and by which file; null where any will do. */
  glibc: { version: string; by: string } | null;
}

/** What is linked, from those files on: libraries of the release are, in turn. */
export function linkedWith(tree: SourceTree, roots: readonly { path: string; elf: Elf }[]): Linked {
  const own = ownLibraries(tree);
  const libc = libcOf(roots);
  const isThere = libc === "musl" ? isOfMusl : isInEveryBase;
  const ahead = [...roots];
  const seen = new Set(ahead.map(({ path }) => path));
  const missing = new Map<string, string>();
  const folders = new Set<string>();
  const paths = roots.flatMap(({ path, elf }) => placesOf(path, elf));
  for (let one = ahead.shift(); one !== undefined; one = ahead.shift()) {
    for (const soname of one.elf.needed) {
      const found = own.get(baseOf(soname));
      if (found === undefined) {
        if (!isThere(soname) && !missing.has(soname)) missing.set(soname, one.path);
        continue;
      }
      const folder = posix.dirname(found.path);
      const isFound = [...paths, ...placesOf(one.path, one.elf)].includes(folder);
      if (!isFound) folders.add(folder);
      if (!seen.has(found.path)) ahead.push(found);
      seen.add(found.path);
    }
  }
  const files = [...roots, ...[...own.values()].filter(({ path }) => seen.has(path))];
  return {
    missing: [...missing].map(([soname, by]) => ({ soname, by })),
    folders: [...folders],
    libc,
    glibc: newestOf(files),
  };
}

/** Packages for them, those of one library of several once. */
export function packagesOf({ missing, libc }: Linked): { names: string[]; from: string }[] {
  if (libc === "musl") return [];
  const by = new Map<string, string[]>();
  for (const one of missing) {
    const names = by.get(one.by) ?? [];
    by.set(one.by, [...names, packageOf(one.soname)]);
  }
  return [...by].map(([from, names]) => ({ from, names: [...new Set(names)].sort() }));
}

/** The C library of musl by all its names. */
function isOfMusl(soname: string): boolean {
  return /^(?:libc\.so|libc\.musl-\w+\.so\.1|ld-musl-\w+\.so\.1)$/.test(soname);
}

// --- internal ---

interface Library {
  path: string;
  elf: Elf;
}

/** By the names that others are linked with them by; of two, the one that is less deep. */
function ownLibraries(tree: SourceTree): Map<string, Library> {
  const found = new Map<string, Library>();
  const all = findCode(tree).toSorted((a, b) => a.path.length - b.path.length);
  for (const { path, code } of all) {
    if (code.format !== "elf") continue;
    const names = [baseOf(path), code.elf.soname ?? ""];
    for (const name of names) {
      if (/\.so(\.|$)/.test(name) && !found.has(name)) found.set(name, { path, elf: code.elf });
    }
  }
  return found;
}

/** Where a file says that its libraries are, as far as that is in the release. */
function placesOf(path: string, { paths }: Elf): string[] {
  const origin = posix.dirname(path);
  return paths
    .filter((one) => /^\$(?:ORIGIN|\{ORIGIN\})(?:\/|$)/.test(one))
    .map((one) => posix.normalize(one.replace(/^\$(?:ORIGIN|\{ORIGIN\})/, origin)))
    .map((one) => one.replace(/\/$/, ""));
}

function libcOf(roots: readonly { elf: Elf }[]): Linked["libc"] {
  const loaders = roots.flatMap(({ elf }) => elf.interpreter ?? []);
  if (loaders.length === 0) return null;
  return loaders.every((one) => one.includes("ld-musl")) ? "musl" : "glibc";
}

/** Versions of the C++ library come with a release of GCC: what has that has a glibc of its time. */
const WITH_GCC: readonly [RegExp, (part: number) => boolean, string][] = [
  [/^GLIBCXX_3\.4\.(\d+)$/, (part) => part > 30, "2.39"],
  [/^CXXABI_1\.3\.(\d+)$/, (part) => part > 13, "2.39"],
];

function newestOf(files: readonly Library[]): Linked["glibc"] {
  let newest: { version: string; by: string; order: number } | null = null;
  for (const { path, elf } of files) {
    for (const name of elf.versions) {
      const version = glibcOf(name);
      if (version === null) continue;
      const [major = 0, minor = 0] = version.split(".").map(Number);
      const order = major * 1000 + minor;
      if (newest === null || order > newest.order) newest = { version, by: path, order };
    }
  }
  return newest === null ? null : { version: newest.version, by: newest.by };
}

function glibcOf(name: string): string | null {
  const [, version] = /^GLIBC_(2\.\d{1,3})(?:\.\d+)?$/.exec(name) ?? [];
  if (version !== undefined) return version;
  for (const [pattern, isNewer, glibc] of WITH_GCC) {
    const [, part] = pattern.exec(name) ?? [];
    if (part !== undefined && isNewer(Number(part))) return glibc;
  }
  return null;
}
