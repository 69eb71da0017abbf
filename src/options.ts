/** What was asked for, of a command that reads an app. */
import type { ArchiveOptions } from "./images/transfer/archive-options.ts";

export interface BuildOptions {
  /** The app's folder, or its config file. */
  path: string;
  /** What it is called among several; without it, by its path. */
  name?: string;
  /** How the image's archive is written; null when none is. */
  archive: ArchiveOptions | null;
  /**
   * Seconds since 1970: no time in the image is later than that, and nothing in it depends on
   * when and where it was built; null for an image as the engine builds it.
   */
  epoch: number | null;
  /** How many apps, or parts of one, are built at once. */
  jobs: number;
  /** Whether every step is done anew. */
  noCache: boolean;
  /** Whether images that others made are pulled although the engine has them. */
  pull: boolean;
  /** Whether unknown keys of the configuration are errors. */
  strict: boolean;
}
