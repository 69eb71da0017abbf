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

export interface BunLayout {
  /** Whether packages are beside one another, or each in a folder of its own (`linker`). */
  linker: "hoisted" | "isolated";
  /** What only dependencies for development need: folders, or the beginnings of their names. */
  developmentOnly: string[];
}

/**
 * How a lock file is installed, and what of it a running app does without: nothing where the lock
 * file does not tell.
 */
export function bunLayout(text: string, bunfig = ""): BunLayout {
  const parsed = v.safeParse(wholeSchema, parse(text, [], { allowTrailingComma: true }));
  const asked = /^[ \t]*linker\s*=\s*["'](hoisted|isolated)/m.exec(bunfig)?.[1];
  if (!parsed.success) return { linker: "hoisted", developmentOnly: [] };
  const { workspaces, packages, configVersion } = parsed.output;
  // What bun does by itself since then (bun.sh/docs/pm/isolated-installs).
  const usual = configVersion >= 1 && Object.keys(workspaces).length > 1 ? "isolated" : "hoisted";
  const linker = (asked ?? usual) as BunLayout["linker"];
  const needed = neededKeys(parsed.output);
  if (needed === null) return { linker, developmentOnly: [] };
  const others = Object.keys(packages).filter((key) => !needed.has(key) && KEY.test(key));
  if (linker === "hoisted") {
    const folders = others.map((key) => `node_modules/${namesOf(key).join("/node_modules/")}`);
    return { linker, developmentOnly: folders };
  }
  const folderOf = (key: string) => isolatedFolder(packages[key]?.[0]);
  const kept = new Set([...needed].map(folderOf));
  const folders = others.flatMap((key) => folderOf(key) ?? []);
  return { linker, developmentOnly: [...new Set(folders)].filter((one) => !kept.has(one)) };
}

// --- internal ---

/** The keys of all that the running app needs; null where that is too much to look up. */
function neededKeys({ workspaces, packages }: WholeLock): Set<string> | null {
  const needed = new Set<string>();
  const waiting: string[] = [];
  const looks = { left: MOST_LOOKED };
  const want = (from: string, wishes: v.InferOutput<typeof wishSchema>): void => {
    const { dependencies, optionalDependencies, peerDependencies } = wishes;
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies,
    })) {
      const found = resolveKey(packages, { from, name, looks });
      if (found !== undefined) waiting.push(found);
    }
  };
  for (const { name, ...wishes } of Object.values(workspaces)) want(name, wishes);
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (needed.has(key)) continue;
    needed.add(key);
    const details = packages[key]?.find((one) => typeof one === "object" && one !== null);
    want(key, v.parse(wishSchema, details));
    // Nothing is removed of which it is not known.
    if (looks.left < 0) return null;
  }
  return needed;
}

/** `@a/b@1.0.0` -> `node_modules/.bun/@a+b@1.0.0`; undefined for what comes from elsewhere. */
function isolatedFolder(id: unknown): string | undefined {
  if (typeof id !== "string" || !/^(?:@[\w.~-]+\/)?[\w.~-]+@\d[\w.+-]*$/.test(id)) return undefined;
  return `node_modules/.bun/${id.replace("/", "+")}`;
}

const wishSchema = v.fallback(
  v.object({ dependencies: noted, optionalDependencies: noted, peerDependencies: noted }),
  { dependencies: {}, optionalDependencies: {}, peerDependencies: {} },
);

const workspaceSchema = v.fallback(
  v.object({
    name: v.fallback(v.optional(v.string(), ""), ""),
    ...{ dependencies: noted, optionalDependencies: noted, peerDependencies: noted },
  }),
  { name: "", dependencies: {}, optionalDependencies: {}, peerDependencies: {} },
);

const wholeSchema = v.object({
  configVersion: v.optional(v.number(), 0),
  workspaces: v.record(v.string(), workspaceSchema),
  packages: v.record(v.string(), v.array(v.unknown())),
});

type WholeLock = v.InferOutput<typeof wholeSchema>;

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
