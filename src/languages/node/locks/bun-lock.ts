/** bun.lock: does it fit its manifests? Pure. */
import { parse } from "jsonc-parser";
import * as v from "valibot";
import { compareWishes, type LockInput, wishesOf } from "./wishes.ts";

const noted = v.fallback(v.optional(v.record(v.string(), v.string()), {}), {});

const lockSchema = v.object({
  workspaces: v.record(
    v.string(),
    v.object({ dependencies: noted, devDependencies: noted, optionalDependencies: noted }),
  ),
});

/** What `bun install --frozen-lockfile` refuses: a wish that was written otherwise. */
export function bunDifference({ text, packages }: LockInput): string | null {
  const parsed = v.safeParse(lockSchema, parse(headOf(text), [], { allowTrailingComma: true }));
  if (!parsed.success) return null;
  for (const one of packages) {
    const found = parsed.output.workspaces[one.folder];
    const { dependencies, devDependencies, optionalDependencies } = found ?? EMPTY;
    const all = { ...devDependencies, ...dependencies, ...optionalDependencies };
    const difference = compareWishes(one, wishesOf(one.manifest), all);
    if (difference !== null) return difference;
  }
  return null;
}

// --- internal ---

const EMPTY = { dependencies: {}, devDependencies: {}, optionalDependencies: {} };

/** Without the list of packages, which is nearly all of it. */
function headOf(text: string): string {
  const end = text.search(/^\s*"packages":/m);
  return end < 0 ? text : `${text.slice(0, end).replace(/,\s*$/, "")}}`;
}
