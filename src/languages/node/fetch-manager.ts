/** How a package manager of the wanted version gets into the build: from the npm registry. Pure. */
import { semver } from "../../lib/semver.ts";
import { shellQuote } from "../../lib/shell-words.ts";
import { SCRATCH } from "../../protocol/layout.ts";
import type { ChosenManager, Line } from "./managers/manager.ts";
import { NPM_ENVIRONMENT } from "./managers/npm.ts";

/**
 * Nothing where the image has it, or the app brings it; below SCRATCH it is gone when the stage is
 * done, below TOOLS it is there for those upon it, and in no image.
 */
export function fetchManager(chosen: ChosenManager, prefix: string = SCRATCH): Line[] {
  const { name, version, hash, brought } = chosen;
  if (version === null || brought !== null) return [];
  const isBerry = name === "yarn" && !semver.intersects(version, "<2");
  const packageName = isBerry ? berryPackage(version) : name;
  const wanted = `${packageName}@${version}`;
  // Programs in bin below SCRATCH or TOOLS come first on the PATH of a build.
  const install = ["npm", "install", "--global", "--prefix", prefix];
  const byNpm = (what: string): Line => ({ argv: [...install, what], env: NPM_ENVIRONMENT });
  if (hash === null) return [byNpm(wanted)];
  const program = `${hash.algorithm}sum`;
  const check = (file: string) =>
    `echo ${shellQuote(`${hash.hex}  ${file}`)} | ${program} --check --quiet || ` +
    `{ echo ${shellQuote(`${wanted} is not what packageManager says: ${hash.algorithm}`)} >&2; exit 1; }`;
  if (isBerry) {
    return [byNpm(wanted), shell(check(`${prefix}/lib/node_modules/${packageName}/bin/yarn.js`))];
  }
  const file = `${SCRATCH}/${name}-${version}.tgz`;
  return [
    { ...shell(`cd ${SCRATCH} && npm pack ${shellQuote(wanted)}`), env: NPM_ENVIRONMENT },
    shell(check(file)),
    byNpm(file),
  ];
}

// --- internal ---

/**
 * yarn 2 and later; its hash is that of the program in it, as corepack takes it. The last release of
 * yarn 2 alone is a version of the package that yarn 1 is in.
 */
function berryPackage(version: string): string {
  return version === "2.4.3" ? "yarn" : "@yarnpkg/cli-dist";
}

function shell(line: string): Line {
  return { argv: ["bash", "-c", line] };
}
