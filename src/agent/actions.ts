/** All that is done to make an app's image, in order. */
import type { AgentInput } from "../protocol/agent-input.ts";
import type { Action } from "./action.ts";
import { beforeBuild, build, dependencies, pipInstallItems } from "./actions/build.ts";
import {
  fixOwners,
  makeFolders,
  mergeFolders,
  placeContext,
  takeDependencies,
} from "./actions/context.ts";
import { buildPackages, metaPackages, removePackages, runPackages } from "./actions/packages.ts";
import { source } from "./actions/source.ts";
import { metadata, startScripts } from "./actions/start.ts";
import { test } from "./actions/test.ts";

const WHOLE: readonly Action[] = [
  takeDependencies,
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

/**
 * The actions of each layer. Which layers an app has is decided on the host: an action leaves out
 * what a layer before has done.
 */
export const ACTIONS: Readonly<Record<AgentInput["layer"], readonly Action[]>> = {
  all: WHOLE,
  packages: [runPackages, removePackages],
  dependencies: [
    placeContext,
    makeFolders,
    buildPackages,
    metaPackages,
    pipInstallItems,
    dependencies,
    removePackages,
    fixOwners,
  ],
  app: WHOLE,
};
