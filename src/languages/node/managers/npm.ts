/** npm: its commands. Pure. */
import type { ManagerCommands, ManagerInput } from "./manager.ts";

/** What it would ask and say beside its work: a look for a newer npm is a download of its own. */
export const NPM_ENVIRONMENT = {
  npm_config_update_notifier: "false",
  npm_config_fund: "false",
  npm_config_audit: "false",
};

/** Dependencies for development are left out, or removed, when NODE_ENV is production. */
export function npmCommands({ lock, difference }: ManagerInput): ManagerCommands {
  const install = [{ argv: ["npm", lock === null || difference !== null ? "install" : "ci"] }];
  return {
    ...{ run: ["npm", "run"], exec: ["npx", "--no-install"], pnp: false },
    preparesApp: true,
    env: {},
    ...{ before: [], after: [] },
    notes: [],
    installAll: install,
    installProduction: install,
    // It would run the scripts of members of a workspace, whose files are not there yet.
    prune: [{ argv: ["npm", "prune", "--ignore-scripts"] }],
  };
}
