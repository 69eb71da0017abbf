/**
 * Pure: which Deno an app asks for: the first of .deno-version, .dvmrc, mise.toml, .tool-versions and
 * `engines.deno` of package.json; without any of them, one that reads its lock file.
 */

import { NuaError } from "../../lib/errors.ts";
import { semver } from "../../lib/semver.ts";
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { namedVersion, versionInFile } from "../version-files.ts";
import { originOf } from "./config.ts";
import type { DenoProject } from "./project.ts";
import { denoVersions, FIRST_WITH_LOCK } from "./versions.ts";

/** @throws NuaError (input) for what is no version, and for one that cannot read the lock file */
export function requestedDeno(
  tree: SourceTree,
  project: DenoProject,
  use: RequestedRuntime["use"],
): RequestedRuntime {
  const request = { language: "deno", use } as const;
  const { lock } = project;
  const first = lock === null ? undefined : FIRST_WITH_LOCK[lock.format];
  const said = saidOf(tree, project);
  if (said === null) {
    if (first === undefined) return { ...request, from: { what: project.file } };
    const from = { what: lock!.file, line: lock!.line };
    return { ...request, range: `^${first}`, accepts: `>=${first}`, from };
  }
  if (first !== undefined && !mayBe(said.range, first)) {
    const { what, line = 1 } = said.from;
    const problem = `Read "${what}": it asks for Deno ${said.range}, and ${lock!.file}:${lock!.line} has a format that Deno ${first} was the first to read`;
    throw new NuaError("input", problem, {
      ...{ file: what, position: { line, column: 1 } },
      hint: `ask for ${first} or a newer one, or write the lock file by the one that is asked for`,
    });
  }
  return { ...request, ...said };
}

// --- internal ---

interface Said {
  range: string;
  from: Origin;
}

function saidOf(tree: SourceTree, { top }: DenoProject): Said | null {
  const { packageJson } = top;
  const engine = packageJson?.engines.deno;
  const found =
    versionInFile(tree, ".deno-version") ??
    versionInFile(tree, ".dvmrc") ??
    namedVersion(tree, ["deno"]) ??
    (engine === undefined
      ? null
      : { version: engine, from: originOf(tree, packageJson!.file, "engines", "deno") });
  return found && checked(found.version, found.from);
}

/** As ranges of npm have it. */
function checked(word: string, from: Origin): Said {
  const range = word
    .trim()
    .replace(/^(?:latest|stable|lts|current)$/i, "*")
    .replace(/^(?:deno[@-]?)?v?(?=\d)/i, "");
  if (denoVersions.parse(range) !== null) return { range, from };
  throw new NuaError("input", `Read "${from.what}": "${word.slice(0, 80)}" is no version of Deno`, {
    ...{ file: from.what, position: { line: from.line ?? 1, column: 1 } },
    hint: `write a version or a range, such as "2", "2.1.4" or ">=2.3"; ${formatOrigin(from)} decides`,
  });
}

function mayBe(range: string, least: string): boolean {
  return semver.intersects(range, `>=${least}`);
}
