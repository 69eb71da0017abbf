/** How a language's manifests become the dependency layer. */

import type { DependencyPlace } from "../protocol/agent-input.ts";

/** What the plan knows of the folder that holds the app's source. */
export interface SourceFacts {
  /** What is at its top, by name. */
  names: readonly string[];
  /** Texts of the manifests and lock files at its top, by name. */
  texts: Readonly<Record<string, string>>;
}

export interface RuleInput extends SourceFacts {
  /** The language whose runtime the image starts from. */
  language: string;
  /** Whether Debian packages are installed, which might bring a language of their own. */
  hasPackages: boolean;
}

export interface DependencyRule {
  /** The files whose texts it decides from. */
  manifests: readonly string[];
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
  place: Exclude<DependencyPlace, "here">;
  /** Whether the app's own build, after them, may need Debian packages. */
  compilesApp: boolean;
}

/** Why dependencies have to be installed together with the app. */
export class Obstacle extends Error {}

/** Those of the names that are there. */
export function present(names: readonly string[], { names: there }: SourceFacts): string[] {
  return names.filter((name) => there.includes(name));
}
