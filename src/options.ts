/** The options of the pipeline, as the command line gives them. */
import type { ArchiveOptions } from "./images/transfer/archive-options.ts";

/** Of every build, whatever is wanted of it. */
export interface PipelineOptions {
  /** The app's folder, or its config file. */
  path: string;
  /** Whether unknown keys of the configuration are errors. */
  strict: boolean;
  /** How many apps, or parts of one, are built at once. */
  jobs: number;
  /** Whether images that others made are pulled although the engine has them. */
  pull: boolean;
  /** Whether every step is done anew. */
  noCache: boolean;
  /**
   * Seconds since 1970: no time in the image is later than that, and nothing in it depends on
   * when and where it was built; null for an image as the engine builds it.
   */
  epoch: number | null;
}

/** Of a build whose image is kept. */
export interface BuildOptions extends PipelineOptions {
  /** What it is called among several; without it, by its path. */
  name?: string;
  /** How the image's archive is written; null when none is. */
  archive: ArchiveOptions | null;
}

/** Of a build that is done for something else than its image. */
export const ANEW = { jobs: 1, pull: false, noCache: true, epoch: null, strict: false } as const;
