/** Pure: the packages that lock files of Python apps name, without those for development. */
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import { normalizeName } from "./manifest-names.ts";

export interface LockedNames {
  file: string;
  names: readonly string[];
}

/** Of all locks that are there. Lines are enough: each tool writes its lock in one form. */
export function lockedNames(tree: SourceTree): LockedNames[] {
  return READERS.flatMap(({ file, read }) => {
    const text = tree.text(file);
    return text === undefined ? [] : [{ file, names: read(text) }];
  });
}

// --- internal ---

const READERS: readonly { file: string; read(text: string): string[] }[] = [
  { file: "uv.lock", read: uvNames },
  { file: "poetry.lock", read: (text) => groupedNames(text, /"main"/) },
  { file: "pdm.lock", read: (text) => groupedNames(text, /"default"/) },
  { file: "pylock.toml", read: (text) => sections(text, "packages").flatMap(nameOf) },
  { file: "Pipfile.lock", read: pipfileNames },
];

const pipfileLockSchema = v.object({ default: v.record(v.string(), v.unknown()) });

function pipfileNames(text: string): string[] {
  try {
    const parsed = v.parse(pipfileLockSchema, JSON.parse(text));
    return Object.keys(parsed.default).map(normalizeName);
  } catch {
    return [];
  }
}

/** `groups = ["main", "dev"]` of poetry 2 and pdm; `category = "dev"` of poetry 1. */
function groupedNames(text: string, wanted: RegExp): string[] {
  return sections(text, "package")
    .filter((section) => {
      if (/^category = "(?!main")/m.test(section)) return false;
      const groups = /^groups = \[([^\]]*)\]/m.exec(section)?.[1];
      return groups === undefined || wanted.test(groups);
    })
    .flatMap(nameOf);
}

/** Those that the app itself leads to: uv's lock has all groups, and says nothing of them. */
function uvNames(text: string): string[] {
  const packages = sections(text, "package");
  const needs = new Map<string, string[]>();
  const queue: string[] = [];
  for (const section of packages) {
    const [name] = nameOf(section);
    if (name === undefined) continue;
    needs.set(name, [...(needs.get(name) ?? []), ...uvNeeds(section)]);
    if (/^source = \{ (virtual|editable|directory) = "\." \}/m.test(section)) queue.push(name);
  }
  if (queue.length === 0) return [...needs.keys()];
  const reached = new Set<string>();
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    queue.push(...(needs.get(name) ?? []));
  }
  return [...reached];
}

/** Of the package and its extras: which of these are asked for makes no difference to most. */
function uvNeeds(section: string): string[] {
  const [own = "", ...others] = section.split(/^(?=\[package\.)/m);
  const optional = others.filter((part) => part.startsWith("[package.optional-dependencies]"));
  const isApp = /^source = \{ (virtual|editable|directory) = /m.test(own);
  const lists = [
    /^dependencies = \[([\s\S]*?)^\]/m.exec(own)?.[1] ?? "",
    ...(isApp ? [] : optional),
  ];
  return lists.flatMap((list) =>
    [...list.matchAll(/\{ name = "([^"]+)"/g)].map(([, name = ""]) => normalizeName(name)),
  );
}

/** The tables of an array, without the header. */
function sections(text: string, name: string): string[] {
  return text.split(new RegExp(`^\\[\\[${name}\\]\\][^\\S\\n]*$`, "m")).slice(1);
}

function nameOf(section: string): string[] {
  const name = /^name = "([^"]+)"/m.exec(section)?.[1];
  return name === undefined ? [] : [normalizeName(name)];
}
