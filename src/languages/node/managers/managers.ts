/** The package managers. */
import { semver } from "../../../lib/semver.ts";
import { bunCommands } from "./bun.ts";
import type { ManagerCommands, ManagerInput } from "./manager.ts";
import { npmCommands } from "./npm.ts";
import { pnpmCommands } from "./pnpm.ts";
import { berryYarnCommands } from "./yarn-berry.ts";
import { classicYarnCommands } from "./yarn-classic.ts";

export function managerCommands(input: ManagerInput): ManagerCommands {
  switch (input.name) {
    case "npm":
      return npmCommands(input);
    case "pnpm":
      return pnpmCommands(input);
    case "bun":
      return bunCommands(input);
    case "yarn":
      return isClassicYarn(input) ? classicYarnCommands(input) : berryYarnCommands(input);
  }
}

/** Whether it is yarn 1, which shares no more than a name with the later ones. */
export function isClassicYarn({
  version,
  brought,
}: Pick<ManagerInput, "version" | "brought">): boolean {
  if (brought !== null) return /yarn-(?:rc-)?[01]\.|\.yarnrc$/.test(brought);
  return version === null || semver.intersects(version, "<2");
}
