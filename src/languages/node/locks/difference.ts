/** Whether a lock file says what the manifests do, as its manager would find. Pure. */

import { bunDifference } from "./bun-lock.ts";
import { npmDifference } from "./npm-lock.ts";
import { pnpmDifference } from "./pnpm-lock.ts";
import type { LockInput } from "./wishes.ts";
import { berryDifference, classicDifference } from "./yarn-lock.ts";

/**
 * The first difference, in words; null where they fit, or where nothing is known of the format.
 * @throws an error of the format's parser
 */
export function lockDifference(file: string, input: LockInput): string | null {
  switch (file) {
    case "package-lock.json":
    case "npm-shrinkwrap.json":
      return npmDifference(input);
    case "pnpm-lock.yaml":
      return pnpmDifference(input);
    case "bun.lock":
      return bunDifference(input);
    case "yarn.lock":
      return input.text.includes("__metadata:") ? berryDifference(input) : classicDifference(input);
    default:
      return null;
  }
}
