/** Debian packages that an app's packages need to be compiled, and those that they need to run. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import type { AppPackage } from "./app/app-package.ts";
import { HARMLESS_SCRIPTS } from "./harmless-scripts.ts";
import { dependentsOf, type InstalledPackages, installedPackages } from "./installed.ts";
import { applies, NATIVE_NEEDS, type NativeNeed } from "./native-needs.ts";

export interface NativePackages {
  /** For the time of the build. */
  build: string[];
  run: RequestedPackages[];
  /** Whether something is compiled. */
  compiles: boolean;
  /** Of the build and of the running app; `SOURCE` stands for the app's folder. */
  env: Readonly<Record<string, string>>;
  warnings: string[];
}

/** What the packages need that the lock file, or else package.json, lists. */
export function nativePackages(
  tree: SourceTree,
  app: Pick<AppPackage, "manifest">,
): NativePackages {
  const installed = installedPackages(tree, app.manifest);
  const needs = NATIVE_NEEDS.flatMap((need) => {
    const name = need.packages.find((one) => isThere(need, one, installed));
    const isSpared = need.unless !== undefined && installed.packages.has(need.unless);
    return name === undefined || isSpared
      ? []
      : [{ need, name, isRun: isRun(need, name, { installed, app }) }];
  });
  const compiles = needs.some(({ need }) => need.compiles) || hasUnknownScript(installed);
  const running = needs.filter(({ isRun }) => isRun);
  const build = [
    ...(compiles ? COMPILER : []),
    ...needs.flatMap(({ need }) => need.build ?? []),
    ...(FROM_GIT.test(installed.text) ? ["git"] : []),
  ];
  return {
    ...{ build: [...new Set(build)], compiles },
    run: running.flatMap(({ need: { run = [] }, name }) =>
      run.length === 0 ? [] : [{ names: run, from: { what: `${installed.file}: ${name}` } }],
    ),
    env: Object.assign({}, ...running.map(({ need }) => need.env ?? {})),
    warnings: running.flatMap(({ need }) => need.told ?? []),
  };
}

// --- internal ---

interface Found {
  installed: InstalledPackages;
  app: Pick<AppPackage, "manifest">;
}

/** Native modules are compiled by node-gyp, which runs on Python. */
const COMPILER = ["build-essential", "python3-dev", "libsqlite3-dev", "libicu-dev", "libssl-dev"];

/** Packages that only exist to compile others; most locks tell no more than names. */
const COMPILING = [
  ...["node-gyp", "node-addon-api", "nan", "bindings", "prebuild-install", "node-pre-gyp"],
  ...["@mapbox/node-pre-gyp", "cmake-js"],
];

/** They call a compiler when they are asked to, not when they are installed. */
const CALLERS =
  /^(@npmcli\/.*|@electron\/.*|npm|lerna|@lerna\/.*|electron-.*|libnpm.*|pacote|@vercel\/nft|@yarnpkg\/.*|fsevents)$/;

const FROM_GIT = /git\+(ssh|https?):|git@|git:\/\/|github:|codeload\.github\.com/;

function isThere(need: NativeNeed, name: string, { packages }: InstalledPackages): boolean {
  return packages.get(name)?.some(({ version }) => applies(need, version)) ?? false;
}

/** Whether the running app has it: not where only those who develop ask for it. */
function isRun(need: NativeNeed, name: string, { installed, app }: Found): boolean {
  if (installed.packages.get(name)?.every(({ isDev }) => isDev === true)) return false;
  const { dependencies, optionalDependencies, devDependencies } = app.manifest;
  if (dependencies[name] !== undefined || optionalDependencies[name] !== undefined) return true;
  return need.direct !== true && devDependencies[name] === undefined;
}

/** Where a lock tells of scripts, one that is not known as harmless counts; else what compiles. */
function hasUnknownScript(installed: InstalledPackages): boolean {
  const all = [...installed.packages];
  if (all.some(([, found]) => found.some(({ hasScript }) => hasScript !== null))) {
    return all.some(
      ([name, found]) => !HARMLESS_SCRIPTS.has(name) && found.some(({ hasScript }) => hasScript),
    );
  }
  if (!COMPILING.some((name) => installed.packages.has(name))) return false;
  const dependents = dependentsOf(installed, COMPILING);
  const isKnown = (name: string) =>
    HARMLESS_SCRIPTS.has(name) || COMPILING.includes(name) || CALLERS.test(name);
  return dependents.length === 0 || dependents.some((name) => !isKnown(name));
}
