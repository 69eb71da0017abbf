/** bun as a package manager: its commands. Pure. */
import { shellQuote } from "../../../lib/shell-words.ts";
import { SCRATCH } from "../../../protocol/layout.ts";
import { bunLayout } from "../locks/bun-lock.ts";
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
    unprunable: unprunable(input),
  };
}

// --- internal ---

/**
 * bun removes nothing that is installed already: what is only for development is removed by name,
 * where the lock file tells in which folder it is.
 */
function pruneLines(input: ManagerInput): Line[] {
  const { text, packages } = input;
  if (unprunable(input) !== undefined) return [];
  const { linker, developmentOnly } = bunLayout(text("bun.lock") ?? "", text("bunfig.toml"));
  if (developmentOnly.length === 0) return [];
  const folders = packages.map(({ folder }) => `${folder === "" ? "" : `${folder}/`}node_modules`);
  return linker === "hoisted"
    ? [{ argv: ["rm", "-rf", ...developmentOnly] }, shell(DANGLING_PROGRAMS)]
    : [
        // A package that is there with several peers has a folder for each.
        shell(`rm -rf ${developmentOnly.map((one) => `${shellQuote(one)}{,+*}`).join(" ")}`),
        shell(`for folder in ${folders.map(shellQuote).join(" ")}; do ${DANGLING}; done`),
      ];
}

function unprunable({ lock, difference }: ManagerInput): string | undefined {
  if (lock === "bun.lock" && difference === null) return undefined;
  const unread = lock === null ? "there is no bun.lock" : `${lock} cannot be read`;
  const why = difference === null ? unread : `${lock} does not fit package.json`;
  return (
    `${why}: what is only for development stays in the image; ` +
    "bun install --save-text-lockfile writes a bun.lock that tells what that is"
  );
}

/** Links to programs that are gone; where no package has any, there is no folder of them. */
const DANGLING_PROGRAMS = "test ! -d node_modules/.bin || find node_modules/.bin -xtype l -delete";

/** Links to packages that are gone, and the folders that only had such. */
const DANGLING =
  'test ! -d "$folder" || { find "$folder" -xtype l -delete; find "$folder" -maxdepth 2 -type d -empty -delete; }';

function shell(line: string): Line {
  return { argv: ["bash", "-c", line] };
}
