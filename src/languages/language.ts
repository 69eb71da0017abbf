/** The contract of a language: how its apps are detected, installed and built. */
import type { DependencyPlace } from "../protocol/agent-input.ts";
import type { PlannedCommand } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { DependencyRule } from "./dependency-rule.ts";
import type { Runtime } from "./runtime.ts";

export interface Language {
  name: string;
  /** Whether it installs the app as a Python package, or what such a package needs. */
  installsPython: boolean;
  /** The file that says that the app is of this language; null where none does. */
  detect(tree: SourceTree): string | null;
  plan(tree: SourceTree, options: LanguageOptions): LanguagePlan;
  /** How its dependencies get a layer of their own; without it they never do. */
  dependencies?: DependencyRule;
  /** What brings it into an image. */
  runtime?: Runtime;
}

export interface LanguageOptions {
  /** Folder of the app's source in the image. */
  source: string;
  /** The language whose runtime the image starts from. */
  runtime: string;
  /** The app's, as its configuration has it. */
  version: string;
  /** Where dependencies are installed: see {@link DependencyPlace}. */
  place: DependencyPlace;
}

export interface LanguagePlan {
  /** Debian packages that installing needs, and the image does not. */
  packages: PlannedCommand[];
  /** What its manifests name: in a layer of its own, or before the app is built. */
  install: PlannedCommand[];
  /** The app itself. */
  build: PlannedCommand[];
}
