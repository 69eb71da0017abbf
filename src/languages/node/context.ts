/** What is known of an app's package manager, for the rules of this folder. */
import type { ManagerName } from "./managers/manager.ts";

export interface NodeContext {
  manager: {
    name: ManagerName;
    /** One version, or a range; null: what the image has. */
    version: string | null;
    /** Words before the name of a script. */
    run: readonly string[];
    /** Words before the name of a dependency's program. */
    exec: readonly string[];
    /** Whether there is no node_modules: modules are found by Plug'n'Play. */
    pnp: boolean;
  };
  /** The member of a workspace that is the app, relative to the source; null: the source itself. */
  member: string | null;
  /** The runtimes that are there while the app is built: language -> version. */
  versions: Readonly<Record<string, string>>;
}
