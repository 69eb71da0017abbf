/**
 * The contract of a registry: its setting, the clients that read from it, and what its URLs mean.
 */
import type { BuildCache } from "../protocol/build-caches.ts";
import type { RunCommand } from "../protocol/command.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type { Address } from "./address.ts";
import type { ClientFacts, ClientSettings, ImageFiles } from "./clients.ts";
import type { Item, LocatedItem } from "./item.ts";
import type { Destination } from "./mirror.ts";
import type { WantedRule } from "./wanted-line.ts";

/** @template Name of its settings */
export interface Registry<Name extends string = string> {
  /** How its packages are called, such as `deb`. */
  kind: string;
  settings: readonly RegistrySetting<Name>[];
  /** First words of user agents that say less than they could, with what they are known as. */
  agents?: Readonly<Record<string, string>>;

  /** What its clients keep from build to build, where the builder can. */
  caches?: readonly BuildCache[];

  /** What its clients install into: installed again by a build, and no part of a source. */
  installs?: readonly InstalledFolder[];

  /** What points the programs of a build to it. */
  clients?(facts: ClientFacts): ClientSettings;

  /**
   * Where a program's request is taken when a mirror is set: one place after the other, until one
   * does not say that there is nothing. None: not one of this registry's addresses.
   */
  destinations?(request: Pick<Address, "url" | "client">, settings: NetworkSettings): Destination[];

  /** @throws NuaError (usage) for a mirror that cannot stand in for public addresses */
  checkMirror?(settings: NetworkSettings): void;

  /** What an address gives, as far as its form alone tells, wherever it is and whoever asks. */
  identify?(address: Address): Item | undefined;

  /** The same, when no registry has known it: by who asks, and what else the address has. */
  guess?(address: Address): Item | undefined;

  /** The package that a document of the registry's index is about. */
  indexedPackage?(address: Address): Item | undefined;

  /** The package whose name is the end of an index document's path, if it is of this registry. */
  nameOf?(segments: readonly string[]): string;

  /** Its package URL. */
  packageUrl(item: LocatedItem): string;

  /**
   * After a command of a client's has failed for want of an input: commands that ask for the other
   * parts of what it would have read, so that one run names all that is missing. Whatever comes of
   * them, nothing of it is kept. Undefined: not one of its clients.
   */
  askForRest?(command: RunCommand, read: ImageFiles["read"]): RunCommand[] | undefined;

  /**
   * After a command of a client's has failed: the version that its last lines say not to be there.
   * Undefined: not one of its clients, or another failure.
   */
  refused?(command: RunCommand, tail: string): RefusedVersion | undefined;

  /** Where files of an app name its packages; lock files first. */
  wanted: readonly WantedRule[];
}

/** A version that is asked for and that a registry does not have. */
export interface RefusedVersion {
  /** Of the package. */
  name: string;
  range: string;
  /** The file that asks for it, where the command's own does not. */
  manifest: string;
  /** Asks for the versions that there are. */
  query: RunCommand;
  /** Reads its answer; empty where it is none. */
  versions(stdout: string): string[];
}

export interface InstalledFolder {
  /** Null: it may have any name. */
  name: string | null;
  /** Files of which a client leaves one there; below a marked folder of that name none has its own. */
  markers: readonly string[];
  /** For messages. */
  detail: string;
}

export interface RegistrySetting<Name extends string = string> {
  name: Name;
  variable: string;
  /** A variable of other programs, which counts where the own one is not set. */
  alias?: string;
  /** In nua-build.toml; with a dash in place of the dot, the flag. */
  key: string;
  /** For the help text. */
  about: string;
  /** Hosts are those whose certificates are not looked at; words are the client's own. */
  holds: "address" | "hosts" | "words";
  /** What a doctor asks, below the address, and how that is called. */
  check?: { name: string; path: string };
}

/** For the types only: the names of the settings flow into those of a session. */
export function defineRegistry<const Name extends string>(
  registry: Registry<Name>,
): Registry<Name> {
  return registry;
}
