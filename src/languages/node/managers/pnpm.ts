/** pnpm 6 and later: its commands. Pure. */

import { SCRATCH } from "../../../protocol/layout.ts";
import type { Line, ManagerCommands, ManagerInput } from "./manager.ts";

export function pnpmCommands({ lock, difference }: ManagerInput): ManagerCommands {
  const isLocked = lock !== null && difference === null;
  const install = ["pnpm", "install", isLocked ? "--frozen-lockfile" : "--no-frozen-lockfile"];
  const line = (...flags: string[]): Line => ({ argv: [...install, ...flags] });
  return {
    ...{ run: ["pnpm", "run"], exec: ["pnpm", "exec"], pnp: false },
    preparesApp: true,
    env: settings(SETTINGS),
    ...{ before: [], after: [] },
    notes: ["node_modules/.modules.yaml", "node_modules/.pnpm-workspace-state*"],
    installAll: [line("--prod=false")],
    installProduction: [line("--prod")],
    // "pnpm prune" runs scripts, and knows no workspaces. What is not needed goes at once, not in a
    // week. Members of a workspace have their links made anew, which nobody is there to confirm: pnpm
    // 8 to 10 read the setting for that from no variable.
    prune: [
      {
        argv: [
          "pnpm",
          "install",
          "--prod",
          "--prefer-offline",
          "--frozen-lockfile",
          "--ignore-scripts",
        ],
        env: { CI: "true", ...settings({ modules_cache_max_age: "0" }) },
      },
    ],
  };
}

// --- internal ---

const SETTINGS = {
  store_dir: `${SCRATCH}/pnpm`,
  // Else node_modules would share files with a store that goes, or that the builder keeps.
  package_import_method: "copy",
  // Exactly the wanted one is there; pnpm would fetch it again.
  manage_package_manager_versions: "false",
  // The same since pnpm 11, which also refuses a lock file that does not name its own version.
  pm_on_fail: "ignore",
  update_notifier: "false",
};

/** Up to pnpm 10 its settings have npm's prefix, then one of their own (pnpm.io/settings). */
function settings(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => [
      [`npm_config_${name}`, value],
      [`pnpm_config_${name}`, value],
    ]),
  );
}
