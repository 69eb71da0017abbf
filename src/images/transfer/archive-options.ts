/** Options of commands that write archives. */
import type { ArchiveForm } from "../archive/destination.ts";

export interface ArchiveOptions {
  form: ArchiveForm;
  /** Whether the layers of the base image are left out. */
  thin: boolean;
  /** Whether the file's name does without characters that some file systems refuse. */
  safeName: boolean;
}

/** An archive that is compressed or in parts would have to be read whole to be known. */
export function isPlain({ form }: ArchiveOptions): boolean {
  return form.compression === null && form.partBytes === null;
}
