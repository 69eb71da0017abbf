/** Pure: the Debian packages that an app is built with, and those that it runs with. */
import { formatOrigin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import type { CppProject, Need } from "./app/project.ts";
import { NATIVE_NEEDS, type NativeNeed } from "./native-needs.ts";

export interface NativePackages {
  build: string[];
  run: RequestedPackages[];
}

/** Also of what is only wished for: an app is built with all that it can make use of. */
export function nativePackages(tree: SourceTree, project: CppProject): NativePackages {
  const found = new Map<NativeNeed, Need>();
  for (const need of project.needs) {
    const row = rowOf(need.name);
    if (row !== undefined && !found.has(row)) found.set(row, need);
  }
  const run = [...found].flatMap(([{ run: names = [] }, { name, from }]) =>
    names.length === 0 ? [] : [{ names, from: { what: `${formatOrigin(from)}: ${name}` } }],
  );
  return {
    build: [...new Set([...[...found.keys()].flatMap(({ build }) => build), ...tools(tree)])],
    run,
  };
}

// --- internal ---

const EXACT: ReadonlyMap<string, NativeNeed> = new Map(
  NATIVE_NEEDS.flatMap((need) => need.names.map((name) => [name, need] as const)),
);

const BEGINNINGS = NATIVE_NEEDS.flatMap((need) =>
  need.names.filter((name) => name.includes("*")).map((name) => [name.split("*"), need] as const),
);

/** A version that is part of a name: "lua5.4" is one of its own, "glib-2.0" as well. */
function rowOf(name: string): NativeNeed | undefined {
  const exact = EXACT.get(name);
  if (exact !== undefined) return exact;
  const [, row] =
    BEGINNINGS.find(
      ([[begin = "", end = ""]]) =>
        name.length > begin.length + end.length && name.startsWith(begin) && name.endsWith(end),
    ) ?? [];
  return row;
}

/** What its build calls beside compilers, where its files tell. */
function tools(tree: SourceTree): string[] {
  const text = [tree.text("Makefile") ?? "", tree.text("src/Makefile") ?? ""].join("\n");
  return [
    ...(/\b(?:python3?)\b/.test(text) ? ["python3"] : []),
    ...(/\btclsh\b/.test(text) || tree.has("manifest.uuid") ? ["tcl"] : []),
    ...(/\bxxd\b/.test(text) ? ["xxd"] : []),
    ...(/\bnasm\b/.test(text) ? ["nasm"] : []),
  ];
}
