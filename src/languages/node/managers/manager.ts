/** The contract of a package manager: which one an app asks for, and the commands of each. */
import type { Origin } from "../../../protocol/planned-action.ts";
import type { LocalPackage } from "../locks/wishes.ts";

export const MANAGER_NAMES = ["npm", "pnpm", "yarn", "bun"] as const;
export type ManagerName = (typeof MANAGER_NAMES)[number];

/** Which manager an app is installed with, and why. */
export interface ChosenManager {
  name: ManagerName;
  /** One version, or a range of semver; null: what the image has. */
  version: string | null;
  /** The file that decided. */
  from: Origin;
  /** What the field packageManager says of its tarball. */
  hash: { algorithm: string; hex: string } | null;
  /** The lock file that it reads; null where there is none. */
  lock: string | null;
  /** The release of yarn's that the app brings itself. */
  brought: string | null;
  /** Where lock file and manifests differ: told, and mended by the manager; null where they fit. */
  difference: string | null;
  warnings: readonly string[];
}

/** One command; its variables are beside those of all. */
export interface Line {
  argv: readonly string[];
  env?: Readonly<Record<string, string | null>>;
}

/** What of an app its commands depend on. */
export interface ManagerInput extends ChosenManager {
  /** The text of a file at the top of the app. */
  text(path: string): string | undefined;
  /** All that are installed: the one at the top, then the members of a workspace. */
  packages: readonly LocalPackage[];
}

export interface ManagerCommands {
  /** Words before the name of a script. */
  run: readonly string[];
  /** Words before the name of a dependency's program. */
  exec: readonly string[];
  /** Whether there is no node_modules: modules are found by Plug'n'Play. */
  pnp: boolean;
  /** Whether an installation runs the script "prepare" of the app's own packages. */
  preparesApp: boolean;
  /** Beside each of its commands. */
  env: Readonly<Record<string, string | null>>;
  /** Before and after each installation. */
  before: readonly Line[];
  after: readonly Line[];
  /** What it notes for its own next run: times, the registry; not of the image. */
  notes: readonly string[];
  /** Everything, for a build or for scripts of the app's own. */
  installAll: readonly Line[];
  /** What the running app needs, where nothing is built. */
  installProduction: readonly Line[];
  /** From everything to what the running app needs. */
  prune: readonly Line[];
  /** Why that is not possible, and what would help, for a warning; absent where it is. */
  unprunable?: string | undefined;
}
