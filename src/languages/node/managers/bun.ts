/** bun as a package manager: its commands. Pure. */
import { SCRATCH } from "../../../protocol/layout.ts";
import type { ManagerCommands, ManagerInput } from "./manager.ts";

export function bunCommands({ lock, difference }: ManagerInput): ManagerCommands {
  const frozen = lock !== null && difference === null ? ["--frozen-lockfile"] : [];
  const install = ["bun", "install", ...frozen];
  return {
    ...{ run: ["bun", "run"], exec: ["bunx", "--no-install"], pnp: false },
    env: { BUN_INSTALL_CACHE_DIR: `${SCRATCH}/bun` },
    ...{ before: [], after: [] },
    installAll: [{ argv: install }],
    installProduction: [{ argv: [...install, "--production"] }],
    prune: [],
  };
}
