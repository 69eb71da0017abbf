/** What can install an app that does not say how it is built. */

import type { Command } from "../protocol/command.ts";
import type { Facts } from "./action.ts";

export interface Detector {
  name: string;
  /** Whether it installs the app as a Python package, or what such a package needs. */
  installsPython: boolean;
  /** The file that makes it apply, relative to the source; null when there is none. */
  detect(facts: Facts): string | null;
  /** Debian packages that its commands need, and the image does not. */
  packages(facts: Facts): string[];
  commands(facts: Facts): Command[];
}
