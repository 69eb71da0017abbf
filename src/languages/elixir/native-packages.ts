/** Pure: the Debian packages that an app's dependencies are built with, and run with. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import { MIX } from "./mix-file.ts";
import { MIX_LOCK } from "./mix-lock.ts";
import { FETCHES, NATIVE_NEEDS } from "./native-needs.ts";
import { type MixProject, packageNames } from "./project.ts";

export interface NativePackages {
  build: string[];
  run: RequestedPackages[];
  warnings: string[];
}

export function nativePackages(tree: SourceTree, project: MixProject): NativePackages {
  const names = packageNames(project);
  const found = NATIVE_NEEDS.flatMap((need) => {
    const name = need.packages.find((one) => names.has(one));
    return name === undefined ? [] : [{ ...need, name }];
  });
  return {
    build: [...new Set(found.flatMap(({ build = [] }) => build))],
    run: found.flatMap(({ name, run = [] }) =>
      run.length === 0 ? [] : [{ names: run, from: placeOf(project, name) }],
    ),
    warnings: fetchWarnings(tree, names),
  };
}

// --- internal ---

function placeOf({ lock }: MixProject, name: string) {
  const line = lock?.get(name)?.line;
  return line === undefined ? { what: `${MIX}: ${name}` } : { what: `${MIX_LOCK}: ${name}`, line };
}

function fetchWarnings(tree: SourceTree, names: ReadonlySet<string>): string[] {
  return Object.entries(FETCHES).flatMap(([name, what]) => {
    // A program that the app's own settings name is not fetched.
    const config = (tree.text("config/config.exs") ?? "").slice(0, 64 * 1024);
    const isOwn = new RegExp(`config :${name},[^\\n]{0,200}\\bpath:`).test(config);
    if (!names.has(name) || isOwn) return [];
    return [
      `${name} fetches ${what} from a forge while the app is built, which no mirror of Hex has: where nobody reaches that, --rewrite leads to a copy`,
    ];
  });
}
