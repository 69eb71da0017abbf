/** Pure: Debian packages that Python packages need to be compiled, and those that they need to run. */
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import { declaredPackages } from "./manifests/declared-packages.ts";
import { HEADERS, NEEDS } from "./native-needs.ts";
import { hasWheel, type LockedPackage } from "./package-managers/locked-package.ts";
import { findDjango } from "./start/django.ts";

export interface NativePackages {
  build: RequestedPackages[];
  run: RequestedPackages[];
  warnings: string[];
}

/** @returns the need of each package that the app's manifests and locks name */
export const nativePackages = oncePer((tree: SourceTree): NativePackages => {
  const declared = declaredPackages(tree);
  const needs = NEEDS.flatMap((need) => {
    const found = declared.get(need.package);
    if (found === undefined || need.when?.(found, declared) === false) return [];
    return [{ ...need, from: { what: `${found.file}: ${need.package}` } }];
  });
  const select = (key: "build" | "run") =>
    needs.flatMap(({ [key]: names = [], from }) => (names.length === 0 ? [] : [{ names, from }]));
  return {
    ...{ build: select("build"), run: [...select("run"), ...ofDjango(tree)] },
    warnings: needs.flatMap(({ told }) => told ?? []),
  };
});

/**
 * A compiler where a lock has wheels of a package, and none that fits this Python: such a package is
 * native. One without any wheel may be as well, but most are not.
 * @param file the lock
 */
export function compilerFor(
  packages: readonly LockedPackage[],
  { python, file }: { python: string | undefined; file: string },
): RequestedPackages[] {
  const native = packages.filter(
    ({ files }) => files.some(({ name }) => NATIVE_WHEEL.test(name)) && !hasWheel(files, python),
  );
  return native.map(({ name }) => ({ names: HEADERS, from: { what: `${file}: ${name}` } }));
}

// --- internal ---

const NATIVE_WHEEL = /-cp\d+-[^-]+-[^-]+\.whl$/;

/** GeoDjango loads libraries that no package of Python's brings. Source: its installation guide. */
function ofDjango(tree: SourceTree): RequestedPackages[] {
  const project = findDjango(tree);
  const isGeo = project?.texts.some((text) => /["']django\.contrib\.gis["']/.test(text)) ?? false;
  return isGeo ? [{ names: ["gdal-bin"], from: { what: "django.contrib.gis" } }] : [];
}
