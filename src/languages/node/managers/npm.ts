/** npm: its commands. Pure. */
import type { ManagerCommands, ManagerInput } from "./manager.ts";

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
    prune: [{ argv: ["npm", "prune"] }],
  };
}
