/** Walks an app's folder, visiting only what is taken. */
import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { fromBytes, joinPath, namesIn, type Place, showPath, toPlace } from "../lib/byte-path.ts";
import { kindOf } from "../lib/regular-file.ts";
import { errorCode, readError } from "./app-file.ts";
import type { Matches } from "./ignore-patterns.ts";
import type { Note } from "./left-out.ts";
import { findOwnOutput } from "./own-output.ts";
import { isStagedBelow } from "./staged-names.ts";
import type { TakeRules } from "./take-rules.ts";

export interface WalkOptions {
  /** The folder. */
  from: string;
  /** Which entries of the top folder are taken; below it, {@link isStagedBelow} decides. */
  accept: (name: string) => boolean;
  /** What is left out of it; without rules, all is taken. */
  rules?: { take: TakeRules /** Where the folder is in the app's. */; base: string } | undefined;
  signal: AbortSignal;
}

/** @param path relative to the folder; empty for itself. See byte-path.ts for names that are no text */
export interface TreeVisitor {
  folder(path: string, from: Place, info: Stats): void;
  /** What takes long is waited for. */
  file(path: string, from: Place, info: Stats): void | Promise<void>;
  link(path: string, from: Place, info: Stats): void;
  /** Neither file nor folder nor link. */
  other(path: string): void;
  /** Something that a person should be told of an entry. */
  note?(path: string, note: Note): void;
}

/**
 * Folders come before what is in them, and names in their order. Links are never followed. What is
 * gone by the time that it is looked at was not there.
 * @throws NuaError (input) for what may not be read
 * @throws the signal's reason
 */
export async function walkTree(options: WalkOptions, visitor: TreeVisitor): Promise<void> {
  const { from, accept, rules, signal } = options;
  const walk = new Walk(visitor, rules, signal);
  const info = walk.look("", from);
  if (info === undefined) throw readError(`Read "${from}"`, from, notThere());
  walk.tellOverruled();
  await walk.visit({ path: "", from, info, accept, matches: walk.baseMatches(), parent: null });
  // What was told of so many would stay in memory for as long as the build takes.
  if (walk.entries > MANY) Bun.gc(true);
}

// --- internal ---

const MANY = 10_000;

/** Milliseconds for which no signal need be heard. */
const DEAF = 50;

interface Folder {
  path: string;
  from: string;
  info: Stats;
  accept: (name: string) => boolean;
  /** Of `.dockerignore`; null where that leaves nothing out. */
  matches: Matches | null;
  /** One that has not been told of, because it is left out itself unless something in it is taken. */
  parent: Folder | null;
  isPending?: boolean;
}

class Walk {
  entries = 0;
  /** When a signal could last be heard, in milliseconds. */
  #heard = 0;
  readonly #visitor: TreeVisitor;
  readonly #rules: WalkOptions["rules"];
  readonly #signal: AbortSignal;

  constructor(visitor: TreeVisitor, rules: WalkOptions["rules"], signal: AbortSignal) {
    this.#visitor = visitor;
    this.#rules = rules;
    this.#signal = signal;
  }

  async visit(folder: Folder): Promise<void> {
    await this.#letSignalIn();
    const names = this.#read(folder);
    if (names === undefined) return;
    if (!folder.isPending) this.#visitor.folder(folder.path, toPlace(folder.from), folder.info);
    const own = this.#rules && findOwnOutput(names, (name) => toPlace(joinPath(folder.from, name)));
    for (const name of names.sort()) {
      if (performance.now() - this.#heard > DEAF) await this.#letSignalIn();
      if (!folder.accept(name)) continue;
      const path = joinPath(folder.path, name);
      if (own?.has(name) && !this.#rules?.take.isNeeded(this.#full(path))) {
        this.#note(path, { kind: "output", detail: "written by nua-build" });
        continue;
      }
      // A promise for each file would be most of what a walk costs.
      const below = this.#visitEntry(folder, name, path);
      if (below !== undefined) await below;
    }
  }

  /** The other calls are synchronous, being several times faster so. */
  async #letSignalIn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#heard = performance.now();
    this.#signal.throwIfAborted();
  }

  look(path: string, from: string): Stats | undefined {
    try {
      return lstatSync(toPlace(from));
    } catch (cause) {
      return this.#missing(path, from, cause);
    }
  }

  /** Once, by the walk that begins in the folder, or above it. */
  tellOverruled(): void {
    const { take, base = "" } = this.#rules ?? {};
    for (const folder of take?.overruled ?? []) {
      const below = base === "" ? folder : folder.slice(base.length + 1);
      const isHere = base === "" || folder === base || folder.startsWith(`${base}/`);
      if (isHere) this.#note(below || ".", { kind: "needed", detail: "the build needs it" });
    }
  }

  baseMatches(): Matches | null {
    const { take, base } = this.#rules ?? {};
    return !take || take.ignoresNothing ? null : take.matchFolder(base ?? "");
  }

  #visitEntry(folder: Folder, name: string, path: string): Promise<void> | undefined {
    this.entries += 1;
    const from = joinPath(folder.from, name);
    const info = this.look(path, from);
    if (info === undefined) return undefined;
    const isFolder = info.isDirectory();
    const ignoring = this.#ignoring(path, folder.matches);
    if (ignoring.isIgnored && !(isFolder && this.#rules!.take.mayTakeBelow(this.#full(path)))) {
      return undefined;
    }
    const { matches } = ignoring;
    if (isFolder) {
      const below: Folder = { path, from, info, accept: isStagedBelow, matches, parent: folder };
      return this.#visitFolder({ ...below, isPending: ignoring.isIgnored }, name);
    }
    return this.#visitOne({ folder, path, from, info });
  }

  #visitFolder(folder: Folder, name: string): Promise<void> | undefined {
    const { path, from } = folder;
    const note = this.#rules?.take.refuseFolder(this.#full(path), name, toPlace(from));
    if (note !== undefined) {
      this.#note(path, note);
      return undefined;
    }
    if (!folder.isPending) this.#open(folder.parent);
    return this.visit(folder);
  }

  #visitOne({ folder, path, from, info }: FoundEntry): Promise<void> | undefined {
    const place = toPlace(from);
    const take = this.#rules?.take;
    if (info.isFile()) {
      const note = this.#attempt(path, from, () => take?.refuseFile(this.#full(path), place, info));
      if (note !== undefined) {
        this.#note(path, note);
        return undefined;
      }
      this.#open(folder);
      return this.#visitor.file(path, place, info) ?? undefined;
    }
    if (info.isSymbolicLink()) {
      const target = this.#attempt(path, from, () =>
        fromBytes(readlinkSync(place, { encoding: "buffer" })),
      );
      if (target === undefined) return undefined;
      this.#open(folder);
      const note = take?.judgeLink(this.#full(path), place, target);
      if (note !== undefined) this.#note(path, note);
      this.#visitor.link(path, place, info);
    } else {
      this.#visitor.other(path);
      this.#note(path, { kind: "special", detail: kindOf(info) });
    }
    return undefined;
  }

  /** Tells of a folder that is left out itself, now that something in it is taken. */
  #open(folder: Folder | null): void {
    if (!folder?.isPending) return;
    this.#open(folder.parent);
    folder.isPending = false;
    this.#visitor.folder(folder.path, toPlace(folder.from), folder.info);
  }

  #ignoring(path: string, parent: Matches | null): { isIgnored: boolean; matches: Matches | null } {
    const take = this.#rules?.take;
    if (!take || take.ignoresNothing) return { isIgnored: false, matches: null };
    const full = this.#full(path);
    const matches = take.match(full, parent);
    const isIgnored = take.isIgnored(full, matches);
    if (!isIgnored || !take.isNeeded(full)) return { isIgnored, matches };
    this.#note(path, { kind: "needed", detail: "the build needs it" });
    // What is below is judged by what names it, not by what named its folder.
    return { isIgnored: false, matches: null };
  }

  #full(path: string): string {
    return joinPath(this.#rules?.base ?? "", path);
  }

  #read({ path, from }: Folder): string[] | undefined {
    return this.#attempt(path, from, () => namesIn(toPlace(from)));
  }

  /** Undefined, and told, when what is asked of it is gone. */
  #attempt<Result>(path: string, from: string, ask: () => Result): Result | undefined {
    try {
      return ask();
    } catch (cause) {
      return this.#missing(path, from, cause);
    }
  }

  #missing(path: string, from: string, cause: unknown): undefined {
    const code = errorCode(cause instanceof Error && cause.cause ? cause.cause : cause);
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw readError(`Read "${showPath(from)}"`, from, cause);
    }
    if (path !== "") this.#note(path, { kind: "vanished", detail: "it has vanished meanwhile" });
  }

  #note(path: string, note: Note): void {
    this.#visitor.note?.(path, note);
  }
}

interface FoundEntry {
  folder: Folder;
  path: string;
  from: string;
  info: Stats;
}

function notThere(): Error {
  return Object.assign(new Error("no such file or folder"), { code: "ENOENT" });
}
