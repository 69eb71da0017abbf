/** How archives are asked for. */
import type { ArchiveForm } from "../archive/destination.ts";

export interface ArchiveOptions {
  form: ArchiveForm;
  /** Whether the layers of the base image are left out. */
  thin: boolean;
  /** Whether the file's name does without characters that some file systems refuse. */
  safeName: boolean;
}
