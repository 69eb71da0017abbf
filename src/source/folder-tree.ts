/** A source tree over an app's folder: exactly the files that a build takes. */
import { closeSync, lstatSync, realpathSync, type Stats } from "node:fs";
import { folderOf, joinPath, namesIn, toPlace } from "../lib/byte-path.ts";
import { type MachineCode, readCodeOf } from "../lib/machine-code.ts";
import { isWithin, openRegular, readRegular } from "./app-file.ts";
import { findOwnOutput } from "./own-output.ts";
import {
  compareNames,
  decodeText,
  type Entry,
  type SourceTree,
  TREE_LIMITS,
  treePath,
} from "./source-tree.ts";
import { isStagedAtTop, isStagedBelow, isStagedInNua } from "./staged-names.ts";
import { createTakeRules, type TakeRules } from "./take-rules.ts";

/**
 * @param root the app's folder
 * @param chosen what build.manifest takes of it, as normal paths; null for all
 * @throws NuaError (input) from each of its functions for a `.dockerignore` that cannot be read
 */
export function folderTree(root: string, chosen: readonly string[] | null = null): SourceTree {
  const folder = new Folder(root, chosen);
  return {
    list: (path) => folder.list(path),
    text: (path) => folder.text(path),
    has: (path) => folder.has(path),
    code: (path) => folder.code(path),
  };
}

// --- internal ---

const OWN_DOCKERFILE = "Dockerfile";

interface Found {
  /** Below the folder, links resolved. */
  path: string;
  place: string;
  info: Stats;
}

class Folder {
  readonly #root: string;
  readonly #chosen: readonly string[] | null;
  readonly #refused = new Map<string, boolean>();
  readonly #texts = new Map<string, string | undefined>();
  /** Each language asks for the same names. */
  readonly #known = new Map<string, Found | undefined>();
  readonly #codes = new Map<string, MachineCode | undefined>();
  readonly #lists = new Map<string, Entry[]>();
  #left: number = TREE_LIMITS.texts;
  #rules: TakeRules | undefined;

  constructor(root: string, chosen: readonly string[] | null) {
    this.#root = realpathSync(root);
    this.#chosen = chosen;
  }

  list(path: string): Entry[] {
    const found = this.#find(path);
    if (found === undefined || !found.info.isDirectory()) return [];
    const entries = this.#lists.get(found.path) ?? this.#list(found);
    this.#lists.set(found.path, entries);
    return [...entries];
  }

  #list(found: Found): Entry[] {
    const names = this.#attempt(() => namesIn(toPlace(found.place))) ?? [];
    const own = findOwnOutput(names, (name) => toPlace(joinPath(found.place, name)));
    return names
      .filter((name) => !own.has(name))
      .map((name) => this.#entry(joinPath(found.path, name), name))
      .filter((entry) => entry !== undefined)
      .sort(compareNames)
      .slice(0, TREE_LIMITS.entries);
  }

  text(path: string): string | undefined {
    const found = this.#find(path) ?? this.#findDockerfile(path);
    if (found === undefined || !found.info.isFile()) return undefined;
    if (!this.#texts.has(found.path)) this.#texts.set(found.path, this.#read(found));
    return this.#texts.get(found.path);
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  code(path: string): MachineCode | undefined {
    const found = this.#find(path);
    if (found === undefined || !found.info.isFile()) return undefined;
    if (!this.#codes.has(found.path)) this.#codes.set(found.path, this.#readCode(found));
    return this.#codes.get(found.path);
  }

  #readCode({ path, place }: Found): MachineCode | undefined {
    const options = { attempt: `Read "${path}"`, within: this.#root };
    return this.#attempt(() => {
      const { handle } = openRegular(toPlace(place), options);
      try {
        return readCodeOf(handle);
      } finally {
        closeSync(handle);
      }
    });
  }

  #read({ path, place }: Found): string | undefined {
    const options = { attempt: `Read "${path}"`, within: this.#root };
    const limit = Math.min(TREE_LIMITS.text, this.#left);
    const bytes = this.#attempt(() => readRegular(toPlace(place), { ...options, limit }));
    if (bytes === undefined) return undefined;
    this.#left -= bytes.length;
    return decodeText(bytes);
  }

  /** Undefined for what is not there, is not taken, or leads out of the folder. */
  #find(path: string): Found | undefined {
    const inside = treePath(path);
    if (inside === undefined) return undefined;
    if (!this.#known.has(inside)) this.#known.set(inside, this.#look(inside));
    return this.#known.get(inside);
  }

  /** The app's own is none of the files of a build, and tells of them. */
  #findDockerfile(path: string): Found | undefined {
    if (treePath(path) !== OWN_DOCKERFILE || !this.#isChosen(OWN_DOCKERFILE)) return undefined;
    const place = joinPath(this.#root, OWN_DOCKERFILE);
    const info = this.#attempt(() => lstatSync(toPlace(place)));
    return info?.isFile() ? { path: OWN_DOCKERFILE, place, info } : undefined;
  }

  #look(inside: string): Found | undefined {
    const place = this.#attempt(() => {
      const path = toPlace(joinPath(this.#root, inside)) as string;
      // Most names that languages ask for are not there, and errors take long to make.
      const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
      return isThere ? realpathSync(path) : undefined;
    });
    if (place === undefined || !isWithin(place, this.#root)) return undefined;
    const real = place.slice(this.#root.length).replace(/^\/+/, "");
    const info = this.#attempt(() => lstatSync(toPlace(place)));
    if (info === undefined || !this.#isTaken(real, place, info)) return undefined;
    return { path: real, place, info };
  }

  #entry(path: string, name: string): Entry | undefined {
    const place = joinPath(this.#root, path);
    const info = this.#attempt(() => lstatSync(toPlace(place)));
    if (info === undefined || this.#isIgnored(path, info) || !this.#isTaken(path, place, info)) {
      return undefined;
    }
    if (info.isDirectory()) return { name, kind: "folder" };
    if (info.isSymbolicLink()) return { name, kind: "link" };
    if (!info.isFile()) return undefined;
    return { name, kind: "file", ...((info.mode & 0o111) === 0 ? {} : { executable: true }) };
  }

  #isIgnored(path: string, info: Stats): boolean {
    const rules = this.#take();
    if (rules.ignoresNothing) return false;
    const matches = rules.match(path, rules.matchFolder(folderOf(path)));
    if (!rules.isIgnored(path, matches) || rules.isNeeded(path)) return false;
    return !(info.isDirectory() && rules.mayTakeBelow(path));
  }

  /** Whether it, and each folder that it is in, is taken whatever `.dockerignore` says. */
  #isTaken(path: string, place: string, info: Stats): boolean {
    if (path === "") return true;
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!isAccepted(path, name) || !this.#isChosen(path)) return false;
    if (!this.#isFolderTaken(folderOf(path))) return false;
    if (info.isDirectory()) return this.#isFolderTaken(path);
    if (!info.isFile()) return true;
    return (
      this.#attempt(() => this.#take().refuseFile(path, toPlace(place), info) === undefined) ??
      false
    );
  }

  #isFolderTaken(path: string): boolean {
    if (path === "") return true;
    const known = this.#refused.get(path);
    if (known !== undefined) return !known;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const place = toPlace(joinPath(this.#root, path));
    const isTaken =
      isAccepted(path, name) &&
      this.#isFolderTaken(folderOf(path)) &&
      this.#take().refuseFolder(path, name, place) === undefined;
    this.#refused.set(path, !isTaken);
    return isTaken;
  }

  #isChosen(path: string): boolean {
    const chosen = this.#chosen;
    if (chosen === null || path === "nua" || path.startsWith("nua/")) return true;
    return chosen.some(
      (one) =>
        one === "" || one === path || path.startsWith(`${one}/`) || one.startsWith(`${path}/`),
    );
  }

  #take(): TakeRules {
    this.#rules ??= createTakeRules(this.#root, { named: this.#chosen ?? [], needed: [] });
    return this.#rules;
  }

  /** What cannot be read is not there for a plan; whoever takes it tells what is wrong with it. */
  #attempt<Result>(ask: () => Result): Result | undefined {
    try {
      return ask();
    } catch {
      return undefined;
    }
  }
}

function isAccepted(path: string, name: string): boolean {
  if (path === name) return name === "nua" || isStagedAtTop(name);
  return path === `nua/${name}` ? isStagedInNua(name) : isStagedBelow(name);
}
