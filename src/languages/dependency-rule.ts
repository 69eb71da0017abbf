/** How a language's manifests become the dependency layer. */
import type { DependencyPlace } from "../protocol/agent-input.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { RuntimePlace } from "./runtime.ts";

export interface RuleInput {
  /** The app's source. */
  tree: SourceTree;
  runtime: RuntimePlace;
  /** The member of a workspace that is the app, relative to the source; null where none is chosen. */
  member: string | null;
  /** Whether lines of the app's own are run after its build. */
  buildsMore?: boolean;
  /** Whether Debian packages are installed, which might bring a language of their own. */
  hasPackages: boolean;
}

export interface DependencyRule {
  /**
   * What an installation of the dependencies reads, and where it is done; null when the rule does
   * not apply, or nothing is to be installed.
   * @throws Obstacle when it needs more than manifests and lock files
   */
  plan(input: RuleInput): DependencyFiles | null;
}

export interface DependencyFiles {
  /** Files and folders, relative to the source. */
  files: string[];
  /** Others that decide what is installed, and that the plan has read. */
  decidedBy?: readonly string[];
  place: Exclude<DependencyPlace, "here">;
  /** Whether the app's own build, after them, may need Debian packages. */
  compilesApp: boolean;
}

/** Why dependencies have to be installed together with the app. */
export class Obstacle extends Error {}

/** Those of the names that are there; what is in a folder among them comes with it. */
export function present(names: readonly string[], tree: SourceTree): string[] {
  const there = [...new Set(names)].filter((name) => tree.has(name));
  return there.filter((name) => !there.some((other) => name.startsWith(`${other}/`)));
}
