/** Facts about the container that running a plan depends on. */
import type { Tree } from "./tree.ts";

export interface Facts {
  /** The image's file system, as it is when a command is about to be run. */
  tree: Tree;
  /** Folder of the build context when it is mounted; null when it already is /nua/build. */
  context: string | null;
  /** The normalized nua-config, as text; empty in layers that do not store it. */
  config: string;
  /** The folder of the agent's own programs. */
  programs: string;
  /** Debian packages that the image had before the agent began. */
  baseline: ReadonlySet<string>;
  /** Folders of the builder's that outlive this build, for user nua to write to. */
  caches: readonly string[];
  /** A word with the passwords of its addresses. */
  withCredentials(word: string): string;
}
