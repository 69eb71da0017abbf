/** Go: apps with a go.mod, or with a go.work. */
import { NuaError } from "../../lib/errors.ts";
import { BUILD } from "../../protocol/layout.ts";
import { type Origin, plannedPackages } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import type { Language, LanguageDecision } from "../language.ts";
import { buildCommands, downloadCommands, pathOf, removalCommands } from "./build.ts";
import { type ChosenCommands, chooseCommands, findCommand, listCommands } from "./commands.ts";
import { goRule } from "./dependencies.ts";
import { describeGo } from "./describe.ts";
import { embeddedFrontEnds } from "./embeds.ts";
import { nativePackages } from "./native-packages.ts";
import { goPins, requestedGo } from "./pins.ts";
import { type GoProject, MANIFESTS, readProject, rejectReplaced } from "./project.ts";
import { goRuntime } from "./runtime.ts";
import { plainCommand, startOf } from "./start.ts";

/** The image has the programs, and what of the app is no source: Go is there for the build alone. */
export const go: Language = {
  name: "go",
  installsPython: false,
  dependencies: goRule,
  runtime: goRuntime,
  manifests: MANIFESTS,
  detect: (tree) => MANIFESTS.find((name) => tree.has(name)) ?? null,
  describe: describeGo,
  // Beside another language it may be there for tools alone.
  isOfApp(tree, { languages }) {
    const project = readProject(tree);
    if (project === null || languages.every((name) => SERVES_OTHERS.has(name))) return true;
    return chooseCommands(tree, project, NO_WISH).main !== null;
  },
  runtimes: (tree) => requestedGo(tree, readProject(tree)!),
  findMember(tree, name) {
    const project = readProject(tree);
    return project && findCommand(tree, project, name);
  },
  frontEnds(tree) {
    const project = readProject(tree);
    return project ? embeddedFrontEnds(tree, ...project.modules.map(({ folder }) => folder)) : [];
  },
  plainCommand(tree, line) {
    const project = readProject(tree)!;
    const plain = plainCommand(tree, project, line);
    return plain === null ? null : { line: plain, from: { what: project.file } };
  },
  plan(tree, options) {
    const { source, member, id = "", started = [], frozen = false, languages, version } = options;
    const project = readProject(tree)!;
    rejectReplaced(tree, project, { source, top: BUILD });
    rejectMismatch(project, frozen);
    const chosen = chooseCommands(tree, project, { member, id, started });
    if (chosen.main === null) throw noProgram(tree, project, member);
    const place = placeOf(source, project);
    const native = nativePackages(tree, project);
    const { main, built } = chosen;
    const { start, env, warnings } = startOf(tree, project, { main, from: chosen.from });
    const isAlone = languages.every((name) => NOT_BESIDE.has(name));
    const flags = { place, isLinkedWithC: native.because !== null, version };
    return {
      packages: [],
      runPackages: native.run,
      install: downloadCommands(project, place),
      // A compiler is there where the program is built, and not where modules are fetched.
      build: [
        ...plannedPackages(native.build, "build", {
          from: [native.because ?? place.from],
          needs: place.needs,
        }),
        ...buildCommands(tree, { project, built }, flags),
      ],
      tidy: removalCommands(tree, project, { place, isAlone }),
      start,
      env,
      warnings: [
        ...goPins(tree, project).warnings,
        ...mismatchWarnings(project),
        ...native.warnings,
        ...severalPrograms(chosen),
        ...warnings,
      ],
      decisions: decisionsOf(chosen, native.because),
      lookedFor: LOOKED_FOR,
    };
  },
};

// --- internal ---

/** What builds front ends, or serves or runs what others have built. */
const NOT_BESIDE = new Set(["go", "node", "static", "shell"]);

/** Beside Node there may be what tests or extends that. */
const SERVES_OTHERS = new Set(["go", "static", "shell"]);

const NO_WISH = { member: null, id: "", started: [] };

const LOOKED_FOR = ["package main", "cmd/*"];

function placeOf(source: string, { file }: GoProject): BuildPlace {
  const otherwise = `${file} is left alone, since there is no Go in this image; build.builder = "go" brings it`;
  return { user: "nua", cwd: source, from: { what: file }, needs: { program: "go", otherwise } };
}

function noProgram(tree: SourceTree, project: GoProject, member: string | null): NuaError {
  const others = listCommands(tree, project).map(pathOf).slice(0, 10);
  const where = member === null || member === "" ? "the app" : `"${member}"`;
  const only = others.length === 0 ? "" : `; ${others.join(", ")} are examples, tests or tools`;
  const said = `Build "${project.file}": ${where} has no program: there is no package main at its top, in cmd/* or in another folder${only}`;
  return new NuaError("config", said, {
    file: project.file,
    hint: "name the folder of the program with build.app, or write build.build and run.start",
  });
}

/** @throws NuaError (input) where a lock that does not fit has to */
function rejectMismatch({ mismatch, isWorkspace }: GoProject, isFrozen: boolean): void {
  if (mismatch === null || !isFrozen) return;
  const { file, reason } = mismatch;
  const isVendor = file.startsWith("vendor/");
  const command = isVendor ? `go ${isWorkspace ? "work" : "mod"} vendor` : "go mod tidy";
  throw new NuaError("input", `Read "${file}": it does not fit: ${reason}`, {
    file,
    hint: `run ${command} and commit ${file}, or build without --frozen`,
  });
}

function mismatchWarnings({ mismatch, isVendored }: GoProject): string[] {
  if (mismatch === null) return [];
  const how = isVendored ? "modules are fetched, and vendor is not used" : "go build completes it";
  return [`${mismatch.reason}: ${how}, and two builds may get different versions`];
}

function severalPrograms({ candidates, main }: ChosenCommands): string[] {
  if (candidates.length === 0) return [];
  const all = candidates.map(pathOf).join(", ");
  return [`there are several programs: ${all}; ${pathOf(main!)} is built; build.app names another`];
}

function decisionsOf({ built, from }: ChosenCommands, because: Origin | null): LanguageDecision[] {
  return [
    ...built.map((one) => ({ what: `the program ${one.name}, from ${pathOf(one)}`, from })),
    ...(because === null ? [] : [{ what: "linked with C (CGO_ENABLED=1)", from: because }]),
  ];
}
