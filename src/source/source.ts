/** An app's source: its tree, and the archive that it came as. */
import type { ArchiveFile } from "./archive-files.ts";
import type { SourceTree } from "./source-tree.ts";

export interface Source extends AsyncDisposable {
  tree: SourceTree;
  /** The folder of the tree that the source is; "." is all of it. */
  dir: string;
  /** What its folder is called in the image, relative to the app's. */
  name: string;
  /** Null where it lies in the app's folder; else it is there until the source is disposed of. */
  archive: SourceArchive | null;
}

export interface SourceArchive {
  /** Tar, compressed in any way but zstd, or zip. */
  file: string;
  /** Of the archive as it was fetched. */
  sha256: string;
  /** The folder at its top that is left out when it is unpacked; else empty. */
  top: string;
  /** Files and folders of the source: see {@link archiveFiles}. */
  files(paths: readonly string[]): AsyncIterable<ArchiveFile>;
  /** Of a git repository. */
  commit: string | null;
}
