/** The interface of a destination of an archive. */

/** What has been written. */
export interface Written {
  bytes: number;
  /** Of all bytes, in hexadecimal digits. */
  sha256: string;
  /** The files, in order, when it was split. */
  parts: { file: string; bytes: number; sha256: string }[];
}

/** Takes bytes; nothing is there under its final name before {@link commit}. */
export interface Destination extends AsyncDisposable {
  /** Begins to bring to the disk what has been written. */
  syncSoon?(): void;
  write(chunk: Uint8Array): Promise<void>;
  /** @throws NuaError (archive) when the disk is full or the target is a folder */
  commit(): Promise<Written>;
}

/** How an archive is written. */
export interface ArchiveForm {
  compression: WriteCompression | null;
  /** Largest size of a part in bytes; null for one file. */
  partBytes: number | null;
}

export interface WriteCompression {
  format: "gzip" | "zstd";
  /** 1 to 9 for gzip, 1 to 19 for zstd; undefined is the format's own choice. */
  level: number | undefined;
}

export const PLAIN_FORM: ArchiveForm = { compression: null, partBytes: null };
