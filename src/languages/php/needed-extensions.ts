/** Pure: the Debian packages with the extensions that an app asks for, or calls. */
import { NuaError } from "../../lib/errors.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import { LOCK, MANIFEST, originIn, readComposerJson } from "./composer-json.ts";
import { readComposerLock } from "./composer-lock.ts";
import { CALLS, extensionName, PACKAGE_EXTENSIONS, packageOf } from "./extensions.ts";
import { isWordPress } from "./frameworks.ts";
import { sourcesOf } from "./sources.ts";

/**
 * One for each package, with what asks for it first.
 * @throws NuaError (input) for an extension that no Linux base has
 */
export function extensionPackages(tree: SourceTree): RequestedPackages[] {
  const found = new Map<string, Origin>();
  for (const { name, from } of wishesOf(tree)) {
    const needed = packageOf(name);
    if (needed && !found.has(needed)) found.set(needed, from);
  }
  return [...found].map(([name, from]) => ({ names: [name], from }));
}

// --- internal ---

interface Wish {
  name: string;
  from: Origin;
}

function wishesOf(tree: SourceTree): Wish[] {
  return [...declared(tree), ...ofPackages(tree), ...ofFrameworks(tree), ...called(tree)];
}

/** What Composer would refuse to install without. */
function declared(tree: SourceTree): Wish[] {
  const manifest = readComposerJson(tree);
  if (manifest === null) return [];
  const lock = readComposerLock(tree);
  const provided = new Set(
    [...manifest.provided, ...(lock?.packages ?? []).flatMap(({ provides }) => provides)].map(
      (name) => name.toLowerCase(),
    ),
  );
  const wishes = new Map<string, () => Origin>();
  const add = (require: Readonly<Record<string, string>>, from: (name: string) => Origin) => {
    for (const name of Object.keys(require)) {
      if (/^ext-/i.test(name) && !wishes.has(extensionName(name))) {
        wishes.set(extensionName(name), () => from(name));
      }
    }
  };
  add(manifest.require, (name) => originIn(tree, MANIFEST, "require", name));
  for (const { name: owner, require } of lock?.packages ?? []) {
    add(require, (name) => originIn(tree, LOCK, "packages", owner, name));
  }
  // Where it stands is looked for only where that is told: of names there may be any number.
  return [...wishes].flatMap(([name, from]) => {
    const needed = packageOf(name);
    const isThere = provided.has(`ext-${name}`) || manifest.platform[`ext-${name}`] !== undefined;
    if (needed === undefined && !isThere) throw nobodyHas(name, from());
    return needed ? [{ name, from: from() }] : [];
  });
}

function ofPackages(tree: SourceTree): Wish[] {
  const manifest = readComposerJson(tree);
  const locked = readComposerLock(tree)?.packages.map(({ name }) => name);
  const names = locked ?? Object.keys(manifest?.require ?? {});
  const file = locked === undefined ? MANIFEST : LOCK;
  return PACKAGE_EXTENSIONS.flatMap(([packages, extensions]) => {
    const owner = names.find((name) => packages.test(name));
    if (owner === undefined) return [];
    const from = originIn(tree, file, owner);
    return extensions.map((name) => ({ name, from }));
  });
}

function ofFrameworks(tree: SourceTree): Wish[] {
  if (!isWordPress(tree)) return [];
  const from = { what: "wp-includes/version.php" };
  return ["mysqli", "gd"].map((name) => ({ name, from }));
}

/** What plain PHP does not declare. */
function called(tree: SourceTree): Wish[] {
  const left = new Map(CALLS);
  const wishes: Wish[] = [];
  for (const { path, text } of sourcesOf(tree)) {
    for (const [name, pattern] of left) {
      if (!pattern.test(text)) continue;
      left.delete(name);
      wishes.push({ name, from: { what: path } });
    }
    if (left.size === 0) break;
  }
  return wishes;
}

function nobodyHas(name: string, { what, line = 1 }: Origin): NuaError {
  const shown = name.slice(0, 40);
  return new NuaError("input", `Install "ext-${shown}": no Linux base has a package of it`, {
    file: what,
    position: { line, column: 1 },
    hint: `an app that does without says so in ${MANIFEST}: "config": {"platform": {"ext-${shown}": "1.0"}}; else build it with a Dockerfile of its own`,
  });
}
