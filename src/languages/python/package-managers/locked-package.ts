/** A locked package of Python: what each lock file is read as. Pure. */
import { allOf, type Marker } from "../manifests/markers.ts";
import { readMarker } from "../manifests/read-marker.ts";

export interface LockedPackage {
  /** Normalized. */
  name: string;
  /** Null where the lock does not pin it. */
  version: string | null;
  /** When it is installed. */
  marker: Marker;
  source: LockedSource;
  /** Those of an index; empty where the lock has none. */
  files: readonly LockedFile[];
}

export interface LockedFile {
  name: string;
  /** `sha256:…`; null where the lock has none. */
  hash: string | null;
}

export type LockedSource =
  /** `url`: null is the usual index. */
  | { kind: "index"; url: string | null }
  | { kind: "git"; url: string; commit: string; folder: string | null }
  | { kind: "url"; url: string; hash: string | null }
  /** Relative to the folder of the lock; `isFolder`: a project, and not an archive of one. */
  | { kind: "path"; path: string; isFolder: boolean };

export interface Lock {
  file: string;
  packages: readonly LockedPackage[];
  /** Why the lock was not made from its manifest as it is; null where nothing tells so. */
  stale: string | null;
}

/** The addresses that the public index has had. */
const USUAL_INDEX = /^https:\/\/(pypi\.org|pypi\.python\.org|files\.pythonhosted\.org)(\/|$)/;

export function indexSource(url: string | undefined): LockedSource {
  return { kind: "index", url: url === undefined || USUAL_INDEX.test(url) ? null : url };
}

/** Digests that pip compares. */
export const HASH = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

export function lockedFile(name: string, hash: string | undefined | null): LockedFile {
  return { name: name.replace(/[?#].*$/, "").replace(/^.*\//, ""), hash: hash ?? null };
}

/** Files that an image may install: wheels of other systems are none. */
export function filesForLinux(files: readonly LockedFile[]): LockedFile[] {
  return files.filter(({ name }) => !OTHER_SYSTEMS.test(name));
}

/**
 * Whether a wheel is among the files that a Python can install; true where that is not known.
 * @param python such as "3.11"
 */
export function hasWheel(files: readonly LockedFile[], python: string | undefined): boolean {
  if (files.every(({ name }) => name === "")) return true;
  const wheels = filesForLinux(files).filter(({ name }) => name.endsWith(".whl"));
  const minor = Number(python?.split(".")[1]);
  if (Number.isNaN(minor)) return wheels.length > 0;
  return wheels.some(({ name }) => {
    const [interpreter = "", abi = ""] = name.slice(0, -4).split("-").slice(-3);
    return interpreter.split(".").some((tag) => {
      if (/^py3/.test(tag)) return true;
      const built = Number(/^cp3(\d+)$/.exec(tag)?.[1]);
      return abi === "abi3" ? built <= minor : built === minor && !abi.endsWith("t");
    });
  });
}

/** One that cannot be read holds always: better a package too many than one too few. */
export function markerOf(...texts: readonly (string | undefined)[]): Marker {
  return allOf(texts.map((text) => readMarker(text ?? "") ?? true));
}

// --- internal ---

const OTHER_SYSTEMS =
  /-(win32|win_[\w]+|macosx_\w+|[\w.]*musllinux[\w.]*|ios_\w+|android_\w+|pyodide_\w+|emscripten_\w+)\.whl$/;
