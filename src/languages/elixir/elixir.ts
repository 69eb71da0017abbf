/** Elixir: apps with a mix.exs, Phoenix among them. */

import { NuaError } from "../../lib/errors.ts";
import { semver } from "../../lib/semver.ts";
import { BUILD } from "../../protocol/layout.ts";
import { plannedPackages } from "../../protocol/planned-action.ts";
import type { BuildPlace } from "../build-place.ts";
import type { Language, LanguageDecision } from "../language.ts";
import { assetFolders, assetTasks } from "./assets.ts";
import { buildCommands, installCommands, removalCommands } from "./build.ts";
import { elixirRule } from "./dependencies.ts";
import { describeElixir } from "./describe.ts";
import { MIX } from "./mix-file.ts";
import { MIX_LOCK } from "./mix-lock.ts";
import { nativePackages } from "./native-packages.ts";
import { pinWarnings, requestedElixir } from "./pins.ts";
import {
  filesOf,
  hasDependencies,
  type MixProject,
  readProject,
  rejectOutside,
} from "./project.ts";
import { type ChosenRelease, chooseRelease, findMember } from "./releases.ts";
import { elixirRuntime } from "./runtime.ts";
import { plainCommand, startOf } from "./start.ts";
import { FIRST_WITH_CHECK } from "./versions.ts";

/** The image has a release, and what of the app is no source: Elixir is there for the build alone. */
export const elixir: Language = {
  name: "elixir",
  installsPython: false,
  dependencies: elixirRule,
  runtime: elixirRuntime,
  manifests: [MIX],
  detect: (tree) => (tree.has(MIX) ? MIX : null),
  describe: describeElixir,
  runtimes(tree) {
    const project = readProject(tree);
    return project === null ? [] : requestedElixir(tree, project);
  },
  findMember(tree, name) {
    const project = readProject(tree);
    return project && findMember(project, name);
  },
  frontEnds(tree) {
    const project = readProject(tree);
    return project === null ? [] : assetFolders(tree, project);
  },
  plainCommand(tree, line) {
    const project = readProject(tree);
    if (project === null) return null;
    const release = chooseRelease(project, { member: null, id: "" });
    const plain = plainCommand(line, release);
    return plain === null ? null : { line: plain, from: { what: MIX } };
  },
  plan(tree, { source, member, id = "", frozen = false, languages, versions }) {
    const project = readProject(tree);
    if (project === null) throw noText();
    rejectOutside(tree, project, { source, top: BUILD });
    rejectMismatch(project, frozen);
    const release = chooseRelease(project, { member, id });
    const place = placeOf(source);
    const native = nativePackages(tree, project);
    const { start, env, warnings } = startOf(tree, project, release);
    const tasks = assetTasks(tree, project);
    const isAlone = languages.every((name) => NOT_BESIDE.has(name));
    const hasCookie = filesOf(project).some((one) => one.hasCookie);
    return {
      packages: plannedPackages(native.build, "build", { from: [place.from], needs: place.needs }),
      runPackages: native.run,
      install: installCommands(project, {
        place,
        checksLock: checksLock(project, versions.elixir),
      }),
      build: buildCommands(release, { tasks, place, hasCookie }),
      tidy: removalCommands(project, { place, isAlone }),
      ...{ start, env },
      warnings: [
        ...pinWarnings(tree, versions.elixir),
        ...mismatchWarnings(project),
        ...privateWarnings(project),
        ...native.warnings,
        ...severalReleases(release),
        ...warnings,
      ],
      decisions: decisionsOf(project, release),
      lookedFor: LOOKED_FOR,
    };
  },
};

// --- internal ---

/** What builds front ends, or serves or runs what others have built. */
const NOT_BESIDE = new Set(["elixir", "node", "static", "shell"]);

const LOOKED_FOR = ["a release of mix.exs"];

function placeOf(source: string): BuildPlace {
  const otherwise = `${MIX} is left alone, since there is no Elixir in this image; build.builder = "elixir" brings it`;
  const needs = { program: "mix", otherwise };
  return { user: "nua", cwd: source, from: { what: MIX }, needs };
}

/** A folder of that name, or a file that nobody writes by hand. */
function noText(): NuaError {
  return new NuaError("input", `Read "${MIX}": it is no file, or too large for one`, {
    ...{ file: MIX, position: { line: 1, column: 1 }, hint: "write a mix.exs" },
  });
}

/** Mix before that completes a lock without a word: what it lacks has been looked for here. */
function checksLock({ lock, mismatch }: MixProject, version = ""): boolean {
  const known = semver.coerce(version);
  const can = known !== null && semver.gte(known, FIRST_WITH_CHECK);
  return can && lock !== undefined && mismatch === null;
}

/** @throws NuaError (input) where a lock that does not fit has to */
function rejectMismatch({ mismatch }: MixProject, isFrozen: boolean): void {
  if (mismatch === null || !isFrozen) return;
  throw new NuaError("input", `Read "${MIX_LOCK}": it does not fit: ${mismatch}`, {
    ...{ file: MIX_LOCK, position: { line: 1, column: 1 } },
    hint: `run mix deps.get and commit ${MIX_LOCK}, or build without --frozen`,
  });
}

function mismatchWarnings({ mismatch }: MixProject): string[] {
  if (mismatch === null) return [];
  return [`${mismatch}: Mix completes it, and two builds may get different versions`];
}

/** What nobody gets without being known to its server. */
function privateWarnings(project: MixProject): string[] {
  if (!hasDependencies(project)) return [];
  return filesOf(project).flatMap(({ file, dependencies }) =>
    dependencies.flatMap(({ name, repository, line }) =>
      repository === null
        ? []
        : [
            `${file}:${line}: ${name} is of the repository "${repository}", for which Hex has no key here`,
          ],
    ),
  );
}

function severalReleases({ candidates, name, folder }: ChosenRelease): string[] {
  if (candidates.length === 0) return [];
  return [
    `there are several releases: ${candidates.join(", ")}; ${folder || name} is made; build.app names another`,
  ];
}

function decisionsOf(
  { members }: MixProject,
  { name, folder, from }: ChosenRelease,
): LanguageDecision[] {
  const of = members.length === 0 ? "" : ` of ${folder || "the umbrella"}`;
  return [{ what: `the release ${name}${of}`, from }];
}
