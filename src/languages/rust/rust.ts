/** Rust: apps with a Cargo.toml. */

import { NuaError } from "../../lib/errors.ts";
import { BUILD } from "../../protocol/layout.ts";
import { plannedPackages } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import type { Language, LanguageDecision } from "../language.ts";
import renewTimes from "./agent/renew_times.py" with { type: "text" };
import {
  type ChosenBinaries,
  chooseBinaries,
  findChosen,
  listBinaries,
  titleOf,
} from "./binaries.ts";
import { buildCommands, removalCommands } from "./build.ts";
import { CARGO_LOCK } from "./cargo-lock.ts";
import { CARGO_TOML } from "./cargo-toml.ts";
import { describeRust } from "./describe.ts";
import { embeddedFrontEnds } from "./embeds.ts";
import { featuresOf } from "./features.ts";
import { nativePackages } from "./native-packages.ts";
import { pinWarnings, requestedRust } from "./pins.ts";
import { type CargoProject, readProject, rejectOutside } from "./project.ts";
import { rustRuntime } from "./runtime.ts";
import { plainCommand, startOf } from "./start.ts";

/** The image has the programs, and what of the app is no source: Rust is there for the build alone. */
export const rust: Language = {
  name: "rust",
  scripts: { "renew_times.py": renewTimes },
  installsPython: false,
  runtime: rustRuntime,
  manifests: [CARGO_TOML],
  detect: (tree) => (tree.has(CARGO_TOML) ? CARGO_TOML : null),
  describe: describeRust,
  // Beside another language it may be an extension of that (maturin, napi).
  isOfApp(tree, { languages }) {
    const project = readProject(tree);
    if (project === null || languages.every((name) => SERVES_OTHERS.has(name))) return true;
    return chooseBinaries(tree, project, NO_WISH).main !== null;
  },
  runtimes: (tree) => requestedRust(tree, readProject(tree)!),
  findMember(tree, name) {
    const project = readProject(tree);
    return project && findChosen(tree, project, name);
  },
  frontEnds(tree) {
    const project = readProject(tree);
    if (project === null) return [];
    return embeddedFrontEnds(tree, ...foldersOf(project)).map(({ path }) => path);
  },
  plainCommand(tree, line) {
    const project = readProject(tree)!;
    const plain = plainCommand(tree, project, line);
    return plain === null ? null : { line: plain, from: { what: CARGO_TOML } };
  },
  plan(tree, options) {
    const { source, member, id = "", started = [], frozen = false, languages } = options;
    const project = readProject(tree)!;
    rejectOutside(tree, project, { source, top: BUILD });
    rejectMismatch(project, frozen);
    const chosen = chooseBinaries(tree, project, { member, id, started });
    if (chosen.main === null) throw noProgram(tree, project, member);
    const place = placeOf(source);
    const native = nativePackages(tree, project);
    const { main, built } = chosen;
    const { start, env, warnings } = startOf(tree, project, { main, from: chosen.from });
    const isAlone = languages.every((name) => NOT_BESIDE.has(name));
    return {
      packages: plannedPackages(native.build, "build", { from: [place.from], needs: place.needs }),
      runPackages: native.run,
      install: [],
      build: buildCommands(tree, project, built, place),
      tidy: removalCommands(tree, project, { place, isAlone }),
      start,
      env,
      warnings: [
        ...pinWarnings(tree, project),
        ...mismatchWarnings(project),
        ...native.warnings,
        ...severalPrograms(chosen),
        ...warnings,
      ],
      decisions: decisionsOf(tree, chosen),
      lookedFor: LOOKED_FOR,
    };
  },
};

// --- internal ---

/** What builds front ends, or serves or runs what others have built. */
const NOT_BESIDE = new Set(["rust", "node", "static", "shell"]);

/** Beside Node there may be an extension of it. */
const SERVES_OTHERS = new Set(["rust", "static", "shell"]);

const NO_WISH = { member: null, id: "", started: [] };

const LOOKED_FOR = ["src/main.rs", "src/bin/*", "[[bin]]"];

function foldersOf({ crates }: CargoProject): string[] {
  return crates.map(({ folder }) => folder);
}

function placeOf(source: string): BuildPlace {
  const otherwise = `${CARGO_TOML} is left alone, since there is no Rust in this image; build.builder = "rust" brings it`;
  return {
    ...{ user: "nua", cwd: source, from: { what: CARGO_TOML } },
    needs: { program: "cargo", otherwise },
  };
}

function noProgram(tree: SourceTree, project: CargoProject, member: string | null): NuaError {
  const others = listBinaries(tree, project).map(titleOf).slice(0, 10);
  const where = member === null || member === "" ? "the app" : `"${member}"`;
  const only =
    others.length === 0 ? "it is a library" : `${others.join(", ")} are examples, tests or tools`;
  const said = `Build "${CARGO_TOML}": ${where} has no program, neither src/main.rs nor src/bin/* nor [[bin]]; ${only}`;
  return new NuaError("config", said, {
    file: CARGO_TOML,
    hint: "name the package or the program with build.app, or write build.build and run.start",
  });
}

/** @throws NuaError (input) where a lock that does not fit has to */
function rejectMismatch({ mismatch }: CargoProject, isFrozen: boolean): void {
  if (mismatch === null || !isFrozen) return;
  throw new NuaError("input", `Read "${CARGO_LOCK}": it does not fit: ${mismatch}`, {
    file: CARGO_LOCK,
    hint: `run cargo generate-lockfile and commit ${CARGO_LOCK}, or build without --frozen`,
  });
}

function mismatchWarnings({ mismatch }: CargoProject): string[] {
  if (mismatch === null) return [];
  return [`${mismatch}: Cargo completes it, and two builds may get different versions`];
}

function severalPrograms({ candidates, main }: ChosenBinaries): string[] {
  if (candidates.length === 0) return [];
  const all = candidates.map(titleOf).join(", ");
  return [
    `there are several programs: ${all}; ${titleOf(main!)} is built; build.app names another`,
  ];
}

function decisionsOf(tree: SourceTree, { built, from }: ChosenBinaries): LanguageDecision[] {
  return built.flatMap((one) => {
    const told = featuresOf(tree, one.crate);
    const program = { what: `the program ${titleOf(one)}`, from };
    if (told === null) return [program];
    const alone = told.isAlone ? ", and not those by default" : "";
    const names = told.names.join(", ") || "none";
    return [program, { what: `with the features ${names}${alone}`, from: told.from }];
  });
}
