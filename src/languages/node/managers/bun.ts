/** bun as a package manager: its commands. Pure. */
import { SCRATCH } from "../../../protocol/layout.ts";
import { bunDevelopmentOnly } from "../locks/bun-lock.ts";
import type { Line, ManagerCommands, ManagerInput } from "./manager.ts";

export function bunCommands(input: ManagerInput): ManagerCommands {
  const { lock, difference } = input;
  const frozen = lock !== null && difference === null ? ["--frozen-lockfile"] : [];
  const install = ["bun", "install", ...frozen];
  return {
    ...{ run: ["bun", "run"], exec: ["bun", "run"], pnp: false },
    preparesApp: true,
    env: {
      BUN_INSTALL_CACHE_DIR: `${SCRATCH}/bun`,
    },
    ...{ before: [], after: [] },
    notes: [],
    installAll: [{ argv: [...install, "--backend=copyfile"] }],
    installProduction: [{ argv: [...install, "--backend=copyfile", "--production"] }],
    prune: pruneLines(input),
  };
}

// --- internal ---

/**
 * bun removes nothing that is installed already: what is only for development is removed by name,
 * where the lock file tells in which folder it is.
 */
function pruneLines({ text, lock, difference }: ManagerInput): Line[] {
  const isHoisted = !/^[ \t]*linker\s*=\s*["']isolated/m.test(text("bunfig.toml") ?? "");
  if (lock !== "bun.lock" || difference !== null || !isHoisted) return [];
  const folders = bunDevelopmentOnly(text("bun.lock") ?? "");
  if (folders.length === 0) return [];
  return [{ argv: ["rm", "-rf", ...folders] }, { argv: ["bash", "-c", DANGLING] }];
}

/** Links to programs that are gone; where no package has any, there is no folder of them. */
const DANGLING = "test ! -d node_modules/.bin || find node_modules/.bin -xtype l -delete";
