/** yarn 2 and later: its commands. Pure. */
import { SCRATCH } from "../../../protocol/layout.ts";
import type { ManagerCommands, ManagerInput } from "./manager.ts";

export function berryYarnCommands(input: ManagerInput): ManagerCommands {
  const { lock, difference, brought } = input;
  const frozen = lock !== null && difference === null;
  const install = ["yarn", "install", frozen ? "--immutable" : "--no-immutable"];
  const pnp = isPlugAndPlay(input);
  return {
    ...{ run: ["yarn", "run"], exec: ["yarn", "exec"], pnp },
    env: {
      YARN_GLOBAL_FOLDER: `${SCRATCH}/yarn-global`,
      YARN_ENABLE_TELEMETRY: "0",
      // A release of its own that the app names and does not bring is fetched.
      ...(brought === null ? { YARN_IGNORE_PATH: "1" } : {}),
      // With Plug'n'Play the app runs from the cache, which then belongs in the project.
      ...(pnp ? { YARN_ENABLE_GLOBAL_CACHE: "0" } : { YARN_CACHE_FOLDER: `${SCRATCH}/yarn` }),
    },
    ...{ before: [], after: [] },
    installAll: [{ argv: install }],
    installProduction: [{ argv: install }],
    prune: [],
  };
}

// --- internal ---

function isPlugAndPlay({ text }: ManagerInput): boolean {
  return !/^nodeLinker:\s*["']?(node-modules|pnpm)/m.test(text(".yarnrc.yml") ?? "");
}
