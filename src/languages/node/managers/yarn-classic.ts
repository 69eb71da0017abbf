/** yarn 1: its commands. Pure. */
import { SCRATCH } from "../../../protocol/layout.ts";
import type { Line, ManagerCommands, ManagerInput } from "./manager.ts";

export function classicYarnCommands({ lock, difference }: ManagerInput): ManagerCommands {
  const frozen = lock !== null && difference === null ? ["--frozen-lockfile"] : [];
  const install = ["yarn", "install", ...frozen, "--non-interactive"];
  return {
    ...{ run: ["yarn", "run"], exec: ["yarn", "run"], pnp: false },
    preparesApp: true,
    env: { YARN_CACHE_FOLDER: `${SCRATCH}/yarn` },
    ...(lock === null ? { before: [], after: [] } : REDIRECTED_LOCK),
    notes: [],
    installAll: [{ argv: [...install, "--production=false"] }],
    installProduction: [{ argv: [...install, "--production=true"] }],
    // The scripts of what stays have run already.
    prune: [{ argv: [...install, "--production=true", "--ignore-scripts", "--prefer-offline"] }],
  };
}

// --- internal ---

/**
 * yarn 1 fetches from the addresses in its lock file, whatever registry is set: where one is, they
 * are changed for the time of its run. The address comes from the environment: it may hold a
 * password, and commands are shown.
 */
const REDIRECTED_LOCK: { before: Line[]; after: Line[] } = {
  before: [
    shell(
      'test -z "$npm_config_registry" || { cp -p yarn.lock "$TMPDIR/yarn.lock" && ' +
        `sed -i -E "s#https://registry\\.(yarnpkg\\.com|npmjs\\.org)/#\${npm_config_registry%/}/#" yarn.lock; }`,
    ),
  ],
  after: [shell('test -z "$npm_config_registry" || cp -p "$TMPDIR/yarn.lock" yarn.lock')],
};

function shell(line: string): Line {
  return { argv: ["bash", "-c", line] };
}
