/** Pure: the commands that build an app's programs, and leave only those. */
import { relative } from "node:path/posix";
import { shellQuote } from "../../lib/shell-words.ts";
import { AGENT_SCRIPTS, BUILD, PYTHON, SCRATCH } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import { INSTALLED_FOLDERS } from "../../registries/registries.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import { removalLine } from "../remove-sources.ts";
import { type Binary, binFolder } from "./binaries.ts";
import { embeddedFrontEnds } from "./embeds.ts";
import { featuresOf } from "./features.ts";
import { type CargoProject, hasFolderAbove } from "./project.ts";

/** What is compiled is in a folder that the builder keeps, for this app alone. */
export const TARGET = `${SCRATCH}/cargotarget`;

/**
 * A line for each program, and what makes Cargo see what has changed. Crates are not fetched apart:
 * that would fetch those of all other systems, too.
 */
export function buildCommands(
  tree: SourceTree,
  project: CargoProject,
  built: readonly Binary[],
  place: BuildPlace,
): PlannedCommand[] {
  const { mismatch, config } = project;
  const isLocked = mismatch === null;
  const options = { ...place, env: ENVIRONMENT, timeout: COMPILE_TIMEOUT };
  const host = !config.hasTarget ? "" : " --target \"$(rustc -vV | sed -n 's/^host: //p')\"";
  const lines = built.map((one) => {
    const words = [
      ...["cargo", "build", "--release", ...(isLocked ? ["--locked"] : [])],
      ...(project.crates.length > 1 ? ["--package", one.crate.manifest.package!.name] : []),
      ...["--bin", one.name],
      ...featureWords(tree, one),
    ];
    return host === ""
      ? plannedRun(words, options)
      : plannedShell(words.map(shellQuote).join(" ") + host, options);
  });
  const bin = binFolder(tree, project);
  const folder = host === "" ? "release" : "*/release";
  const copies = built.map(({ name }) => {
    const from = `${TARGET}/${folder}/${name}`;
    const to = `${bin}/${name}`;
    return host === ""
      ? plannedRun(["install", "-D", "-m", "755", from, to], place)
      : plannedShell(`install -D -m 755 ${from} ${to}`, place);
  });
  const above = hasFolderAbove(project) ? [`--top=${relative(place.cwd, BUILD)}`] : [];
  const programs = built.map(({ name }) => `--program=${name}`);
  return [
    plannedRun([PYTHON, RENEW, TARGET, ...above, ...programs, ...LARGE], place),
    ...lines,
    plannedRun([PYTHON, RENEW, TARGET, "--built", ...above, ...LARGE], place),
    ...copies,
  ];
}

/**
 * Removes what only the build reads: sources, their tests, and front ends that have become a part of
 * the program. What else an app has, it may read when it runs.
 * @param isAlone whether nothing else is built from the folder
 */
export function removalCommands(
  tree: SourceTree,
  project: CargoProject,
  { place, isAlone }: { place: BuildPlace; isAlone: boolean },
): PlannedCommand[] {
  const fronts = embeddedFrontEnds(tree, ...project.crates.map(({ folder }) => folder));
  const paths = [
    ...["target", ".cargo", ".sqlx", ...(isAlone ? [".git", ".github"] : [])],
    ...(hasVendoredCrates(tree) ? ["vendor"] : []),
    ...fronts.filter(({ isConditional }) => !isConditional).map(({ path }) => shellQuote(path)),
  ];
  return [plannedShell(removalLine({ paths, names: SOURCES, folders: TESTS }), place)];
}

// --- internal ---

/** What others call so may be pages and scripts that the app serves. Source: cargo vendor. */
function hasVendoredCrates(tree: SourceTree): boolean {
  return tree.list("vendor").some(({ name }) => tree.has(`vendor/${name}/.cargo-checksum.json`));
}

/** Those that the program is not built without, and those of the app's own Dockerfile. */
function featureWords(tree: SourceTree, { crate, features }: Binary): string[] {
  const told = featuresOf(tree, crate);
  const names = [...new Set([...features, ...(told?.names ?? [])])];
  return [
    ...(told?.isAlone ? ["--no-default-features"] : []),
    ...(names.length > 0 ? ["--features", names.join(",")] : []),
  ];
}

/** Makes Cargo see what has changed. */
const RENEW = `${AGENT_SCRIPTS}/renew_times.py`;

/** What package managers install is not compiled. */
const LARGE = INSTALLED_FOLDERS.flatMap(({ name }) => name ?? []);

/** Seconds: an optimizing compiler, two slow cores and some hundreds of crates. */
const COMPILE_TIMEOUT = 7200;

/** A wrapper that the app's own settings name need not be there. */
const ENVIRONMENT = { CARGO_TARGET_DIR: TARGET, RUSTC_WRAPPER: "" };

const SOURCES = [
  ...["*.rs", "Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml"],
  ...["rustfmt.toml", ".rustfmt.toml", "clippy.toml", ".clippy.toml", "deny.toml", "Cross.toml"],
  "sqlx-data.json",
];

const TESTS = ["benches"];
