/**
 * Pure: which compiler an app asks for: by the standard that it is written in, by what it includes,
 * and by the versions of the build tools that stand beside it. Source: the manual of GCC, "C++
 * Standards Support" and libstdc++'s status of each standard.
 */
import { compareVersions } from "../../lib/version-order.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import type { CppProject, Standard } from "./app/project.ts";
import { sourceFiles } from "./app/sources.ts";
import { TOOLS_BESIDE } from "./versions.ts";

/** Nothing runs with it. */
export function requestedGcc(tree: SourceTree, project: CppProject): RequestedRuntime[] {
  const request = { language: "cpp", use: "build" } as const;
  const all = [...project.standards.map(ofStandard), ...includes(tree), ...ofTool(project)].filter(
    ({ gcc }) => gcc > OLDEST,
  );
  if (all.length === 0) return [{ ...request, from: { what: project.file } }];
  const highest = all.reduce((best, one) => (one.gcc > best.gcc ? one : best));
  return [{ ...request, range: `>=${highest.gcc}`, from: highest.from }];
}

/** A tool that no Linux base has: then it comes as a package of Python. */
export function newerTool({ tool, minimum }: CppProject): { name: string; version: string } | null {
  if (minimum === null || (tool !== "cmake" && tool !== "meson")) return null;
  const isThere = TOOLS_BESIDE.some((one) => compareVersions(one[tool], minimum.version) >= 0);
  return isThere ? null : { name: tool, version: minimum.version };
}

// --- internal ---

interface Least {
  gcc: number;
  from: Origin;
}

/** Each Linux base that is known has it. */
const OLDEST = 11;

function ofStandard({ language, year, from }: Standard): Least {
  const table = language === "C" ? { 23: 13 } : { 23: 13, 26: 14 };
  return { gcc: (table as Record<number, number>)[year] ?? OLDEST, from };
}

/** Headers that came late, and the first GCC that has them. */
const HEADERS: Readonly<Record<string, number>> = {
  ...{ expected: 12, spanstream: 12, stacktrace: 12, format: 13, stdfloat: 13 },
  ...{ print: 14, generator: 14, text_encoding: 14 },
};

function includes(tree: SourceTree): Least[] {
  return sourceFiles(tree).flatMap(({ path, text }) =>
    [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*<(\w{1,40})>/gm)].flatMap((found) => {
      const gcc = HEADERS[found[1]!];
      // Where something else is at hand without it, it is not what the app needs.
      if (gcc === undefined || text.includes(`__has_include(<${found[1]}>)`)) return [];
      const line = text.slice(0, found.index).split("\n").length;
      return [{ gcc, from: { what: path, line } }];
    }),
  );
}

function ofTool({ tool, minimum }: CppProject): Least[] {
  if (minimum === null || (tool !== "cmake" && tool !== "meson")) return [];
  const found = TOOLS_BESIDE.find((one) => compareVersions(one[tool], minimum.version) >= 0);
  return found === undefined ? [] : [{ gcc: found.gcc, from: minimum.from }];
}
