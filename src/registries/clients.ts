/**
 * Configures package managers for mirrors: environment variables, and files that exist during the
 * build only.
 */
import type { NetworkSettings } from "../protocol/network-settings.ts";

export interface ClientFacts {
  settings: NetworkSettings;
  /** A folder for files that are gone with the build. */
  folder: string;
  /** Paths of files in PEM; null where the image's own certificates will do. */
  certificates: { all: string; added: string } | null;
  /** Folders that outlive the build, by the names of their caches, as far as there are any. */
  caches: Readonly<Record<string, string>>;
  /** Whether what is read may be older than it says that it is valid, and younger than the clock. */
  ignoresDates: boolean;
  image: ImageFiles;
}

/** The image that the build works in. */
export interface ImageFiles {
  read(path: string): string | undefined;
  /** Names in a folder; those of folders end with a slash. */
  list(path: string): string[];
  /** Whether a folder is the builder's, and not a part of the image. */
  isMounted(folder: string): boolean;
}

export interface ClientSettings {
  /** Undefined removes a variable of the image's. */
  env: Record<string, string | undefined>;
  /** Everybody may read them. */
  files?: readonly { path: string; text: string | Uint8Array }[];
}
