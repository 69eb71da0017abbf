/** What one part of the agent's work is, and what it is decided from. */
import type { AgentInput } from "../protocol/agent-input.ts";
import type { Command } from "../protocol/command.ts";
import type { Tree } from "./tree.ts";
/** All that decisions depend on. */
export interface Facts {
  input: AgentInput;
  /** The image's file system, as it is when the action is about to run. */
  tree: Tree;
  /** Folder of the app's source: /nua/build, or one below it. */
  source: string;
  /** Folder of the build context when it is mounted; null when it already is /nua/build. */
  context: string | null;
  /** Folder with `build` and `venv` of a stage that installed the dependencies; else null. */
  dependencies: string | null;
  /** The normalized nua-config, as text; empty in layers that do not store it. */
  config: string;
  /** A folder for temporary files, removed at the end; user nua may write there. */
  scratch: string;
  /** The folder of the agent's own programs. */
  programs: string;
  /** Folders of the builder's that outlive this build; null where there is none. */
  caches: { pip: string | null; npm: string | null; yarn: string | null };
  /** Debian packages that the image had before the agent began. */
  baseline: ReadonlySet<string>;
  /** The npm registry, where another than the public one is set. */
  npmRegistry: string | null;
}

/**
 * One part of the work. Both functions are pure, and called just before the action is run, so
 * that they see what earlier actions have made.
 */
export interface Action {
  name: string;
  /** What a person reads while it runs; null when there is nothing to do. */
  describe(facts: Facts): string | null;
  commands(facts: Facts): Command[];
}
