/** Commands that install and remove Debian packages. */

import type { Command } from "../../protocol/command.ts";
import { cleanApt, hasAptTraces, installKept, installTemporary, purgeTemporary } from "../apt.ts";
import type { Facts } from "../facts.ts";

/** Those that stay come first: what they need is then not taken for the build's. */
export function installPackages(
  { packages, purpose }: { packages: readonly string[]; purpose: "image" | "build" },
  { tree }: Facts,
): Command[] {
  return purpose === "image" ? installKept(packages) : installTemporary(packages, tree);
}

/** Removes what only the build needed, and what apt leaves behind. */
export function cleanPackages({ tree, baseline }: Facts): Command[] {
  if (!hasAptTraces(tree, baseline)) return [];
  return [...purgeTemporary(baseline), ...cleanApt(tree)];
}
