/** What was asked for, of a command that reads an app. */
import type { ArchiveOptions } from "./transfer/archive-options.ts";

export interface BuildOptions {
  /** The app's folder, or its config file. */
  path: string;
  /** How the image's archive is written; null when none is. */
  archive: ArchiveOptions | null;
  /** Whether unknown keys of the configuration are errors. */
  strict: boolean;
}
