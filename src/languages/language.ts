/** The contract of a language: how its apps are detected, installed, built and started. */
import type { NuaError } from "../lib/errors.ts";
import type { DependencyPlace } from "../protocol/agent-input.ts";
import type { Origin, PlannedCommand } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { DependencyRule } from "./dependency-rule.ts";
import type { RequestedRuntime, Runtime, RuntimePlace } from "./runtime.ts";

export interface Language {
  name: string;
  /** Whether it installs the app as a Python package, or what such a package needs. */
  installsPython: boolean;
  /** The `build.method` that means this language, whatever else is there. */
  method?: string;
  /** Whether it builds what runs in browsers, so that another language may serve that. */
  buildsFrontEnds?: boolean;
  /** What {@link detect} looks for, as a person is told where there is none of it. */
  manifests: readonly string[];
  /** The file that says that the app is of this language; null where none does. */
  detect(tree: SourceTree): string | null;
  /**
   * Whether what is detected is of the app, and not only of those who develop it; without this
   * function it always is.
   */
  isOfApp?(tree: SourceTree, beside: Beside): boolean;
  /** Others whose manifests it reads as its own here, so that they count for nothing. */
  claims?(tree: SourceTree): readonly string[];
  /** Whether {@link isOfApp} is asked before any other: where it says no, no other language knows of it. */
  isFallback?: true;
  /** What is told where the configuration asks for it, and nothing is detected. */
  absent?(tree: SourceTree): NuaError;
  /** What its manifest says of the app, for one without a nua-config. */
  describe?(tree: SourceTree): AppDescription | null;
  /**
   * The runtimes that the app's files ask for, of the member that is chosen, if one is; the chosen
   * ones come with the options of `plan`.
   */
  runtimes?(tree: SourceTree, beside: Beside & { member?: string | null }): RequestedRuntime[];
  /**
   * The folder of the member of its workspace that has that name or that path; null where there is
   * none. A member is chosen by it.
   */
  findMember?(tree: SourceTree, name: string): string | null;
  /**
   * Whether what it installs and builds at the top includes that folder, which has a manifest of
   * its own: a member of the workspace, or a folder that its scripts go into.
   */
  builds?(tree: SourceTree, folder: string): boolean;
  /** Folders of front ends that become a part of what it builds: they are built before. */
  frontEnds?(tree: SourceTree): string[];
  /**
   * What a line that has a manager run a script starts, where that is one plain command: it then gets the
   * signals that the program in between does not pass on. Null for any other line.
   */
  plainCommand?(tree: SourceTree, line: string): StartCommand | null;
  plan(tree: SourceTree, options: LanguageOptions): LanguagePlan;
  /** How its dependencies get a layer of their own; without it they never do. */
  dependencies?: DependencyRule;
  /** The agent's own scripts that its commands run, by their names there. */
  scripts?: Readonly<Record<string, string>>;
  /** What brings it into an image. */
  runtime?: Runtime;
  /** Others that run its apps. */
  otherRuntimes?: readonly Runtime[];
}

/** What there is beside a language in the same folder. */
export interface Beside {
  /** All that are detected there, by name, with the one that is asked. */
  languages: readonly string[];
}

/** What a manifest says of an app. */
export interface AppDescription {
  name?: string;
  version?: string;
  /** One line. */
  description?: string;
  author?: string;
  license?: string;
  homepage?: string;
}

export interface LanguageOptions extends Beside {
  /** Folder of the app's source in the image. */
  source: string;
  /** The runtimes that are there while the app is built: language -> version, as far as it is known. */
  versions: Readonly<Record<string, string>>;
  /** The app's, as its configuration has it. */
  version: string;
  /** What it is called there, where it is. */
  id?: string;
  runtime: RuntimePlace;
  /** Where dependencies are installed: see {@link DependencyPlace}. */
  place: DependencyPlace;
  /** The member of a workspace that is the app, relative to the source; null where none is chosen. */
  member: string | null;
  /** Whether lines of the app's own are run after its build: they may need what only that needs. */
  buildsMore?: boolean;
  /** Whether a lock that does not fit its manifest is an error, and nothing repairs it. */
  frozen?: boolean;
  /** Lines for a shell that are started whatever its files say. */
  started?: readonly string[];
}

export interface LanguagePlan {
  /** Debian packages that installing needs, and the image does not. */
  packages: PlannedCommand[];
  /** Debian packages that the running app needs. */
  runPackages?: RequestedPackages[];
  /** What its manifests name: in a layer of its own, or before the app is built. */
  install: PlannedCommand[];
  /** The app itself. */
  build: PlannedCommand[];
  /**
   * Removes what only the build needs, from what is installed: in the layer of dependencies, or, where
   * there is none, once all is built, by the app's own commands, too.
   */
  prune?: PlannedCommand[];
  /** Removes what the build keeps for its own next run. */
  tidy?: PlannedCommand[];
  /** Folders of it, relative to the app's source, that an image without its runtime does without. */
  onlyForBuild?: readonly string[];
  /** Whether what `start` runs has all that it needs in what is built, and nothing of those folders. */
  isSelfContained?: boolean;
  /** What is started; null or absent where its files do not say. */
  start?: StartCommand | null;
  /** A folder that is served as it is; then nothing of this language is started. */
  site?: StaticSite | null;
  /** Environment of the running app: what its convention sets, such as NODE_ENV. */
  env?: Readonly<Record<string, string>>;
  /**
   * Files and folders of the app that it cannot do without beside manifests and lock files, such as
   * the one that is started: taken whatever `.dockerignore` says.
   */
  needs?: readonly string[];
  /** What it has decided, such as which package manager installs, and what says so. */
  decisions?: readonly LanguageDecision[];
  /** Shown by check, plan and each build, whether it is cached or not. */
  warnings?: readonly string[];
  /** Where only a person can say what is started: the error, unless something else says it. */
  undecided?: NuaError;
  /** Files and manifests that were looked at for a start command in vain, for the message. */
  lookedFor?: readonly string[];
}

export interface LanguageDecision {
  /** As a person reads it: `setuptools 80.1`. */
  what: string;
  from: Origin;
}

export interface RequestedPackages {
  /** Debian packages; `a|b`: the first of them that the distribution has. */
  names: readonly string[];
  from: Origin;
}

export interface StartCommand {
  /** A line for a shell; a plain command becomes the process that gets the signals. */
  line: string;
  from: Origin;
  /** Relative to the app's source. */
  dir?: string;
  /** The port that it listens on where the variable PORT says nothing; absent where it reads none. */
  port?: number;
}

/** A static site, or an app of one page. */
export interface StaticSite {
  /** The folder that is served, relative to the app's source: there after the build. */
  folder: string;
  /** What is served for a path without a file: the page of the site itself, or an error. */
  fallback: "index" | "not found";
  /** The page of the fallback, relative to the folder; absent: `index.html`. */
  page?: string;
  /** Whether a bundler named files after their contents, so that they may be kept for a year. */
  isBundled?: boolean;
  options?: SiteOptions;
  from: Origin;
}

/** What a site's own files say of how it is served. */
export interface SiteOptions {
  /** The first page of a folder, where it has another name than `index.html`. */
  index?: string;
  /** Whether folders without a page show what is in them. */
  listing?: boolean;
  /** Whether files whose names begin with a dot are there for nobody; absent: they are not. */
  hidesDotFiles?: boolean;
  /** Whether pages include others (server-side includes). */
  includes?: boolean;
  /** Whether requests that came by plain HTTP are sent to HTTPS. */
  httpsOnly?: boolean;
  /** The header Strict-Transport-Security. */
  hsts?: string;
  /** A file of names and hashed passwords, relative to the app's source. */
  passwords?: string;
}
