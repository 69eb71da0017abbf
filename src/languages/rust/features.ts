/**
 * Pure: with which features an app's own Dockerfile builds it: some build nothing that starts without
 * one, such as the driver of a database.
 */
import { declare, expand, instructions } from "../../lib/dockerfile-text.ts";
import { oncePer } from "../../lib/once-per.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Crate } from "./workspace.ts";

export interface ToldFeatures {
  names: string[];
  /** Whether its package's own choice does not count. */
  isAlone: boolean;
  from: Origin;
}

/** Those that its package has; null where the Dockerfile says nothing of them. */
export function featuresOf(tree: SourceTree, { manifest }: Crate): ToldFeatures | null {
  const own = manifest.package?.name;
  const line = buildLines(tree).find(
    ({ owners }) => owners.length === 0 || (own !== undefined && owners.includes(own)),
  );
  if (line === undefined) return null;
  const optional = Object.entries(manifest.dependencies).filter(([, one]) => one.optional);
  const known = new Set([...Object.keys(manifest.features), ...optional.map(([name]) => name)]);
  const names = [...new Set(line.features)].filter((name) => known.has(name));
  const isAlone = line.isAlone && manifest.features.default !== undefined;
  if (names.length === 0 && !isAlone) return null;
  return { names, isAlone, from: { what: FILE, line: line.line } };
}

// --- internal ---

interface BuildLine {
  features: string[];
  isAlone: boolean;
  /** Packages that it builds; none: the one at the top, or all. */
  owners: string[];
  line: number;
}

const FILE = "Dockerfile";
const MOST_CHARACTERS = 256 * 1024;
const MOST_LINES = 100;

const QUOTED = /((?:--features|-F)[= ])(["'])([^"']{0,1000})\2/g;

/** `cargo build --features a,b`, also by programs that stand before or for Cargo. */
const buildLines = oncePer((tree: SourceTree): BuildLine[] => {
  const text = (tree.text(FILE) ?? "").slice(0, MOST_CHARACTERS);
  const values: Record<string, string> = {};
  const found: BuildLine[] = [];
  try {
    for (const { keyword, rest, line } of instructions(text)) {
      if (keyword === "ENV" || keyword === "ARG") declare(rest, values, {});
      if (keyword !== "RUN" || !/\bcargo\b/.test(rest) || found.length >= MOST_LINES) continue;
      // Several may stand in quotes, with blanks between.
      const told = expand(rest, values).replace(QUOTED, (_, flag: string, __, all: string) => {
        return `${flag}${all.trim().replace(/\s+/g, ",")}`;
      });
      for (const command of told.split(/&&|[;|\n]/)) {
        const words = command.trim().split(/\s+/);
        const start = words.findIndex((word) => /^(?:[\w-]+-)?cargo$/.test(word));
        const isBuild = start >= 0 && /^(?:build|b|install|rustc)$/.test(words[start + 1] ?? "");
        if (isBuild) found.push({ ...read(words.slice(start + 2)), line });
      }
    }
  } catch {
    return [];
  }
  // A first line often builds only what others have written.
  return found.filter(({ features, isAlone }) => features.length > 0 || isAlone);
});

function read(words: readonly string[]): Omit<BuildLine, "line"> {
  const valuesOf = (flag: RegExp) =>
    words.flatMap((word, at) => {
      const [, name = "", value] = /^(-{1,2}\w[\w-]*)(?:=(.*))?$/.exec(word) ?? [];
      return flag.test(name) ? [value ?? words[at + 1] ?? ""] : [];
    });
  const features = valuesOf(/^(?:--features|-F)$/)
    .flatMap((value) => value.replace(/["']/g, "").split(","))
    .filter((name) => /^[\w+-]{1,100}$/.test(name));
  return {
    features,
    isAlone: words.includes("--no-default-features"),
    owners: valuesOf(/^(?:-p|--package)$/),
  };
}
