/** Placeholders in braces: which fields may have them, and their values. */

import { closest } from "../lib/closest.ts";
import { BraceError, formatBraces } from "./brace-format.ts";
import { MAX_FORMATTED } from "./limits.ts";
import type { RuleProblem } from "./normalize.ts";
import { PLATFORM_NAMES } from "./platforms.ts";
import type { AppConfig, BuildSection } from "./schema.ts";
import type { Path } from "./source-map.ts";

/** The fields in which braces are formatted, with their values. */
export interface FormattedFields {
  srcUrl: string;
  gitUrl: string;
  gitBranch: string;
  baseImage: string;
  project: string;
  builder: unknown;
  /** Each line at its place, those that are empty, too. */
  build: string[];
}

export interface Rendered {
  /** metadata overlaid by build, with each text formatted once: what templates see. */
  names: Record<string, unknown>;
  fields: FormattedFields;
  problems: RuleProblem[];
}

/** A text of metadata or build that is not one of the fields may hold any brace: it stays. */
export function renderConfig(config: AppConfig): Rendered {
  const raw: Record<string, unknown> = { ...config.metadata, ...config.build };
  const names = formatNames(raw);
  const known = { ...PLATFORM_NAMES, ...names };
  const problems: RuleProblem[] = [];
  let length = 0;
  const format = (path: Path, text: string): string => {
    try {
      const formatted = formatBraces(text, known);
      length += formatted.length;
      if (length > MAX_FORMATTED) {
        throw new BraceError(`all braces together become more than ${MAX_FORMATTED} characters`);
      }
      return formatted;
    } catch (error) {
      if (!(error instanceof BraceError)) throw error;
      const excerpt = { text, index: error.index };
      problems.push({ path, excerpt, ...explain(error, Object.keys(known)) });
      return text;
    }
  };
  const build: BuildSection = config.build ?? {};
  const field = (key: keyof BuildSection, fallback = "") =>
    format(["build", key], String(build[key] || fallback));
  const lines = build.build ?? [];
  const placeOf = (index: number) => ["build", "build", ...(Array.isArray(lines) ? [index] : [])];
  return {
    names,
    problems,
    fields: {
      srcUrl: field("src-url"),
      gitUrl: field("git-url"),
      gitBranch: field("git-branch", "main"),
      baseImage: field("base-image"),
      project: field("project"),
      builder:
        typeof build.builder === "string" ? field("builder") : (build.builder ?? build.builders),
      build: (Array.isArray(lines) ? lines : [lines]).map((line, index) =>
        format(placeOf(index), line),
      ),
    },
  };
}

// --- internal ---

/** Each once, as far as there is room: what is left stays as it is written. */
function formatNames(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let length = 0;
  const entries = Object.entries(raw).map(([key, value]) => {
    const formatted =
      length > MAX_FORMATTED ? value : tryFormat(value, { ...PLATFORM_NAMES, ...raw });
    length += typeof formatted === "string" ? formatted.length : 0;
    return [key, formatted];
  });
  return Object.fromEntries(entries);
}

function tryFormat(value: unknown, names: Readonly<Record<string, unknown>>): unknown {
  if (typeof value !== "string") return value;
  try {
    return formatBraces(value, names);
  } catch {
    return value;
  }
}

function explain(error: BraceError, names: readonly string[]): Omit<RuleProblem, "path"> {
  if (error.unknownName === undefined) return { message: error.message };
  const guess = closest(error.unknownName, names);
  return {
    name: error.unknownName,
    message: error.message,
    hint:
      guess === undefined
        ? `known are ${names.join(", ")}; write "{{" and "}}" for braces`
        : `did you mean {${guess}}?`,
  };
}
