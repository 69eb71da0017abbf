/** Pure: a lock as what pip installs: files of pinned requirements, and what the app's folder has. */
import { posix } from "node:path";
import { hideCredentials } from "../../../lib/secrets.ts";
import { formatMarker } from "../manifests/markers.ts";
import { fileError } from "../manifests/read-file.ts";
import { isVersion } from "../manifests/requirement.ts";
import { filesForLinux, HASH, type Lock, type LockedPackage } from "./locked-package.ts";

export interface LockText {
  /** Requirements files, each for one index; null is the usual one. */
  files: readonly { index: string | null; isHashed: boolean; text: string }[];
  /** Projects that the app brings, relative to the folder of the lock. */
  folders: readonly string[];
  /** Wheels and archives that the app brings. */
  archives: readonly string[];
}

/**
 * Each package in the version of the lock, and with its digests where the lock has them: then pip
 * takes nothing else, whichever index or mirror it asks.
 * @throws NuaError where the lock holds what is no name, version or address
 */
export function lockText(lock: Pick<Lock, "file" | "packages">): LockText {
  const files = new Map<string, { index: string | null; isHashed: boolean; lines: string[] }>();
  const folders: string[] = [];
  const archives: string[] = [];
  const sorted = lock.packages.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const one of sorted) {
    const { source } = one;
    if (source.kind === "path") {
      const path = pathOf(source.path, lock.file);
      (source.isFolder ? folders : archives).push(path);
      continue;
    }
    const hashes = hashesOf(one);
    const index = source.kind === "index" ? source.url : null;
    const isHashed = hashes.length > 0;
    if (index !== null) checkAddress(index, one, lock.file);
    const key = `${isHashed} ${index ?? ""}`;
    const file = files.get(key) ?? { index, isHashed, lines: [] };
    files.set(key, file);
    file.lines.push(
      [lineOf(one, lock.file), ...hashes.map((hash) => `    --hash=${hash}`)].join(" \\\n"),
    );
  }
  return {
    files: [...files.values()].map(({ lines, ...file }) => ({
      ...file,
      text: `${lines.join("\n")}\n`,
    })),
    folders,
    archives,
  };
}

// --- internal ---

const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^\s"'\\`\p{Cc}]+$/iu;

function lineOf({ name, version, marker, source }: LockedPackage, file: string): string {
  if (!NAME.test(name)) throw fileError(file, `"${name}" is no name of a package`);
  const condition = formatMarker(marker);
  const end = condition === "" ? "" : ` ; ${condition}`;
  if (source.kind === "git") {
    if (!/^[\w./-]+$/.test(source.commit)) {
      throw fileError(file, `"${name}" is locked without a commit`);
    }
    const folder = source.folder === null ? "" : `#subdirectory=${source.folder}`;
    const address = source.url
      .replace(/^git\+/, "")
      .replace(/^([\w.-]+@[\w.-]+):(?!\/\/)/, "ssh://$1/");
    return `${name} @ ${checkAddress(`git+${address}@${source.commit}${folder}`, { name }, file)}${end}`;
  }
  if (source.kind === "url") return `${name} @ ${checkAddress(source.url, { name }, file)}${end}`;
  if (version === null) return `${name}${end}`;
  if (!isVersion(version)) throw fileError(file, `"${version}" of "${name}" is no version`);
  return `${name}==${version}${end}`;
}

/** No plan holds a password: those of the app's own are for the manager's settings. */
function checkAddress(
  address: string,
  { name }: Pick<LockedPackage, "name">,
  file: string,
): string {
  if (!ADDRESS.test(address)) {
    throw fileError(file, `"${hideCredentials(address)}" of "${name}" is no address`);
  }
  if (hideCredentials(address) !== address) {
    throw fileError(
      file,
      `the address of "${name}" holds a password: ${hideCredentials(address)}`,
      {
        hint: "leave it out of the lock; a mirror of the index, in the setting pip.index, may have one",
      },
    );
  }
  return address;
}

function hashesOf({ source, files }: LockedPackage): string[] {
  if (source.kind === "url")
    return source.hash !== null && HASH.test(source.hash) ? [source.hash] : [];
  if (source.kind !== "index") return [];
  const hashes = filesForLinux(files).map(({ hash }) => hash);
  const all = hashes.filter((hash) => hash !== null && HASH.test(hash));
  return [...new Set(all)].filter((hash) => hash !== null);
}

function pathOf(path: string, file: string): string {
  const normal = posix.normalize(path).replace(/\/$/, "");
  if (normal.startsWith("../") || normal.startsWith("/") || normal === "..") {
    throw fileError(file, `"${path}" is outside of the app's folder`, {
      hint: "build the folder that holds both, and name the app's with build.app",
    });
  }
  return normal;
}
