/** bun.lock: does it fit its manifests? Pure. */
import { parse } from "jsonc-parser";
import * as v from "valibot";
import { MAX_PATH } from "../../../protocol/words.ts";
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

/**
 * The folders of what only dependencies for development need, where it is installed hoisted; none
 * where the lock file does not tell.
 */
export function bunDevelopmentOnly(text: string): string[] {
  const parsed = v.safeParse(wholeSchema, parse(text, [], { allowTrailingComma: true }));
  if (!parsed.success) return [];
  const { workspaces, packages, configVersion } = parsed.output;
  // Workspaces are installed isolated since then: nothing is where its key says.
  if (configVersion >= 1 && Object.keys(workspaces).length > 1) return [];
  const needed = new Set<string>();
  const waiting: string[] = [];
  const looks = { left: MOST_LOOKED };
  const visit = (key: string): void => {
    const details = packages[key]?.find((one) => typeof one === "object" && one !== null);
    const { dependencies, optionalDependencies, peerDependencies } = v.parse(wishSchema, details);
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies,
    })) {
      const found = resolveKey(packages, { from: key, name, looks });
      if (found !== undefined) waiting.push(found);
    }
  };
  for (const one of Object.values(workspaces)) {
    const { dependencies, optionalDependencies, peerDependencies } = one;
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies,
    })) {
      if (packages[name] !== undefined) waiting.push(name);
    }
  }
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (needed.has(key)) continue;
    needed.add(key);
    visit(key);
    // Nothing is removed of which it is not known.
    if (looks.left < 0) return [];
  }
  return Object.keys(packages)
    .filter((key) => !needed.has(key) && KEY.test(key))
    .map((key) => `node_modules/${namesOf(key).join("/node_modules/")}`);
}

// --- internal ---

const wishSchema = v.fallback(
  v.object({ dependencies: noted, optionalDependencies: noted, peerDependencies: noted }),
  { dependencies: {}, optionalDependencies: {}, peerDependencies: {} },
);

const wholeSchema = v.object({
  configVersion: v.optional(v.number(), 0),
  workspaces: v.record(v.string(), wishSchema),
  packages: v.record(v.string(), v.array(v.unknown())),
});

/** Names of packages, from the outer one to the inner one: `a/@b/c/d`. */
const KEY = /^(?:@[\w.~-]+\/)?[\w.~-]+(?:\/(?:@[\w.~-]+\/)?[\w.~-]+)*$/;

function namesOf(key: string): string[] {
  return key.match(/@[^/]+\/[^/]+|[^/]+/g) ?? [];
}

/** Characters of all keys that are looked up: a lock file is not trusted. */
const MOST_LOOKED = 100_000_000;

interface Sought {
  from: string;
  name: string;
  looks: { left: number };
}

/** As Node finds it: beside, or further out. */
function resolveKey(packages: object, { from, name, looks }: Sought): string | undefined {
  // No file has such a path.
  if (from.length > MAX_PATH) looks.left = 0;
  for (let names = from.length > MAX_PATH ? [] : namesOf(from); ; names = names.slice(0, -1)) {
    const key = [...names, name].join("/");
    looks.left -= key.length;
    if (looks.left < 0) return undefined;
    if (Object.hasOwn(packages, key)) return key;
    if (names.length === 0) return undefined;
  }
}

const EMPTY = { dependencies: {}, devDependencies: {}, optionalDependencies: {} };

/** Without the list of packages, which is nearly all of it. */
function headOf(text: string): string {
  const end = text.search(/^[ \t]*"packages":/m);
  return end < 0 ? text : `${text.slice(0, end).replace(/,\s*$/, "")}}`;
}
