/** The contract of an installer: how the agent installs a runtime. */
import type { Command } from "../protocol/command.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";

/** A word of the agent's command line: `app_builder install-node VERSION [--prefix DIR]`. */
export interface Installer {
  word: string;
  /** Where to: a flag, and its value where it is not given. */
  folder: { flag: string; fallback: string };
  /** A version, for messages. */
  example: string;
  /** Its agent half: nothing that the host loads. */
  load(): Promise<{ install(request: InstallRequest, tools: InstallTools): Promise<void> }>;
}

export interface InstallRequest {
  /** Numbers with dots between: "20", "20.11" or "20.11.0". */
  wanted: string;
  folder: string;
}

/** What the agent lends an installer. */
export interface InstallTools {
  settings: NetworkSettings;
  env: Readonly<Record<string, string | undefined>>;
  /** A folder that is gone when the work is done. */
  scratch: string;
  write(text: string): void;
  /** One after the other; the first that fails ends the work. */
  execute(commands: readonly Command[]): Promise<void>;
  /**
   * The body of an answer; null when the server says that there is nothing.
   * @param setting the variable that names another server, for the message
   * @throws NuaError (transient) when the server does not answer
   */
  fetch(url: string, setting: string): Promise<Buffer | null>;
  debian: DebianPackages;
}

/** Debian packages, as commands; nothing is executed before these are. */
export interface DebianPackages {
  /** Has apt know which packages there are. */
  updateLists(): Command;
  /** Installs packages that stay. */
  install(names: readonly string[]): Command[];
  /** Installs packages that {@link removeBorrowed} removes. */
  borrow(names: readonly string[]): Command[];
  /** Removes them and what apt leaves behind, but for libraries that something is linked with. */
  removeBorrowed(): Command[];
  /**
   * Finds the packages with the libraries that files are linked with.
   * @param files a shell line of `find`, without what is done to them
   */
  linkedPackages(files: string, next: (names: string[]) => Command[]): Command;
}
