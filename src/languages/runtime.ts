/**
 * The contract of a runtime: its versions, the names that `build.builder` has for them, how it is
 * installed.
 */
import type { Origin } from "../protocol/planned-action.ts";
import type { Installer } from "./installer.ts";

export interface Runtime {
  /** As in the names of base images. */
  language: string;
  versions: readonly RuntimeVersion[];
  /** Undefined where every image has it. */
  base?: {
    /** The Dockerfile of its base images: the file's path below the folder of languages. */
    dockerfile: string;
    /** In its own command `app_builder install-…`. */
    installer: Installer;
  };
}

export interface RuntimeVersion {
  /** As plans and names of base images have it; empty where there is one for all. */
  version: string;
  /** By which `build.builder` calls it, the usual one first. */
  names: readonly string[];
  /** Of the Dockerfile of its base image, which is labelled with them as well. */
  buildArgs?: Readonly<Record<string, string>>;
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

/** A runtime that an app's files ask for. */
export interface RequestedRuntime {
  /** As {@link Runtime.language}. */
  language: string;
  /** The versions that will do, as its users write them (semver, PEP 440); absent: any. */
  range?: string;
  /** The file and line, or the key, that asks for it. */
  from: Origin;
  /** Whether the running app needs it, or only its build. */
  use: "build" | "run";
}
