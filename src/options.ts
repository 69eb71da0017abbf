/** What was asked for, of a command that reads an app. */
export interface BuildOptions {
  /** The app's folder, or its config file. */
  path: string;
  /** Whether the image's archive is written. */
  save: boolean;
  /** Whether unknown keys of the configuration are errors. */
  strict: boolean;
}
