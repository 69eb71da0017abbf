/**
 * The contract of a runtime: its versions, the names that `build.builder` has for them, how it is
 * installed.
 */
import type { Origin } from "../protocol/planned-action.ts";
import type { RegistrySettingName } from "../registries/registries.ts";
import type { Installer } from "./installer.ts";

export interface Runtime {
  /** As in the names of base images. */
  language: string;
  /** Those that have names of their own in `build.builder`. */
  versions: readonly RuntimeVersion[];
  /** Whether the image that all others are built upon has the one of the Linux base. */
  everywhere?: true;
  /** Whether no app runs with it: it is in no app's image, also where the configuration names it. */
  onlyBuilds?: true;
  /**
   * What its apps are built with, in the same version where nothing asks for another: wherever it is
   * asked for or named, that is there for the build.
   */
  buildsWith?: string;
  /** All other versions; absent: there are none. */
  rules?: VersionRules;
  /**
   * The versions that a Linux base has packages of, by the name of the Linux base: "debian:12"; of
   * several, the one that is taken first comes first.
   */
  distribution?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Whether its packages decide which Linux base is taken, before they are looked for elsewhere or
   * as the only ones that bring it; what is in every image comes first.
   */
  packaged?: "first" | "only";
  /** Absent: it is in no image but as the Linux base has it. */
  base?: RuntimeBase;
}

export interface RuntimeBase {
  /** The Dockerfile of its base images: the file's path below the folder of languages. */
  dockerfile: string;
  /** The argument of the Dockerfile with the version; its images are labelled with it as well. */
  argument?: string;
  /** The file of its images that tells the very version. */
  versionFile?: string;
  /** What containers of an app's image run where it is alone; absent: the start script. */
  command?: readonly string[];
  /**
   * What its images start from: `linux` is the Linux base itself, and no other runtime comes
   * beside it; without it, the image of another runtime, or the one that all are built upon.
   */
  parent?: "linux";
  /** In its own command `app_builder install-…`; absent: the Dockerfile does it alone. */
  installer?: Installer;
}

export interface RuntimeVersion {
  /** As plans and names of base images have it; empty where there is one for all. */
  version: string;
  /** By which `build.builder` calls it, the usual one first. */
  names: readonly string[];
  /** As its installer is told, where that is not `version`. */
  exact?: string;
}

/** What is known of all versions of a runtime. */
export interface VersionRules {
  /** What stands before a version in `build.builder`: "node" in "node-20.11". */
  prefixes: readonly string[];
  /** What is taken where nothing asks; a range. */
  usual: string;
  /** What the Linux base has is taken where it fits, also where newer ones would. */
  prefersDistribution?: true;
  /**
   * How many parts of a version make a series: its newest member has a base image of its own, which
   * is taken where all of them fit. The widest series first.
   */
  series: readonly number[];
  /** Older ones are not installed. */
  oldest: string;
  /** Series, newest first, for where there is no list. */
  known: readonly string[];
  /**
   * What a range allows; null where it is no range. What comes from an app's files is long, or
   * means nothing. A pre-release is allowed only where the range names one.
   */
  parse(range: string): ((version: string) => boolean) | null;
  /**
   * What will do where that range cannot be had from the Linux base, and nobody can be asked which
   * versions there are: a compiler builds what was written for an older one. It is told.
   */
  instead?(range: string): ((version: string) => boolean) | null;
  /** Negative when `a` is older than `b`. */
  compare(a: string, b: string): number;
  list?: VersionList;
  /** All that can be installed, where that is known without asking. */
  installable?: readonly string[];
}

/** Where the versions of a runtime are listed. */
export interface VersionList {
  /** The registry that has it, as its setting redirects it. */
  setting: RegistrySettingName;
  /** Without that setting: its public address. */
  address: string;
  /** Below the address. */
  path: string;
  /** Where the list only says which others have the versions: those, below the address. */
  further?(text: string): string[];
  /**
   * @param further the texts of those
   * @returns undefined where the text is no such list
   */
  parse(text: string, further: readonly string[]): string[] | undefined;
}

/** A runtime that an app is built or run with. */
export interface ChosenRuntime {
  language: string;
  /**
   * As names of base images have it: a version, or a series of them ("20", "20.11.1"); absent: the
   * one that the Linux base has.
   */
  version?: string;
}

/** The runtimes of an app, and the Linux base that they stand upon. */
export interface ChosenRuntimes {
  /** In its image. */
  run: readonly ChosenRuntime[];
  /** Beside those, while it is built. */
  build: readonly ChosenRuntime[];
  /** Another Linux base than the configured one; null: that one. */
  linuxBase: string | null;
  /** Language -> version, as exactly as it is known, of all of them. */
  versions: Readonly<Record<string, string>>;
  /** Why it was chosen so, with the file or key that asks for it. */
  decisions: readonly RuntimeDecision[];
  /** What is told on each build. */
  warnings: readonly string[];
}

export interface RuntimeDecision {
  what: string;
  because: string;
  from?: Origin;
}

/**
 * Where a runtime of a language is: in the image; there for the build alone, and then the image is
 * without what only that needs; or nowhere, unless a Debian package brings it.
 */
export type RuntimePlace = "image" | "build" | "none";

/** A runtime that an app's files ask for. */
export interface RequestedRuntime {
  /** As {@link Runtime.language}. */
  language: string;
  /** The versions that will do, as its users write them (semver, PEP 440); absent: any. */
  range?: string;
  /** Those that will do as well where the configuration names one, and are taken for nothing else. */
  accepts?: string;
  /** The file and line, or the key, that asks for it. */
  from: Origin;
  /** Whether the running app needs it, or only its build. */
  use: "build" | "run";
}
