/** All that is done to make an app's image, in order. */
import type { Action } from "./action.ts";
import { beforeBuild, build, pipInstallItems } from "./actions/build.ts";
import { fixOwners, makeFolders, mergeFolders, placeContext } from "./actions/context.ts";
import { buildPackages, metaPackages, removePackages, runPackages } from "./actions/packages.ts";
import { source } from "./actions/source.ts";
import { metadata, startScripts } from "./actions/start.ts";
import { test } from "./actions/test.ts";

export const ACTIONS: readonly Action[] = [
  placeContext,
  makeFolders,
  // System packages first: everything after may be compiled against them.
  runPackages,
  buildPackages,
  source,
  metaPackages,
  beforeBuild,
  pipInstallItems,
  build,
  // After the build: a test that passes must not owe it to a compiler that is about to go.
  removePackages,
  // Over the build's results, so that the package has the last word.
  mergeFolders,
  startScripts,
  metadata,
  fixOwners,
  test,
];
