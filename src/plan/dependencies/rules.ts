/** The languages whose dependencies may get a layer of their own, as a list. */
import { nodeRule } from "./node.ts";
import { pythonRule } from "./python.ts";
import { rubyRule } from "./ruby.ts";
import type { DependencyRule } from "./rule.ts";

export const DEPENDENCY_RULES: readonly DependencyRule[] = [nodeRule, rubyRule, pythonRule];

/** The files whose texts the rules decide from. */
export const MANIFESTS: ReadonlySet<string> = new Set(
  DEPENDENCY_RULES.flatMap(({ manifests }) => manifests),
);
