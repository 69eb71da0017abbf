/** The languages whose dependencies may get a layer of their own, as a list. */

import type { DependencyRule } from "./dependency-rule.ts";
import { nodeRule } from "./node/dependencies.ts";
import { pythonRule } from "./python/dependencies.ts";
import { rubyRule } from "./ruby/dependencies.ts";

export const DEPENDENCY_RULES: readonly DependencyRule[] = [nodeRule, rubyRule, pythonRule];

/** The files whose texts the rules decide from. */
export const MANIFESTS: ReadonlySet<string> = new Set(
  DEPENDENCY_RULES.flatMap(({ manifests }) => manifests),
);
