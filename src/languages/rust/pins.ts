/**
 * Pure: which Rust an app asks for. rust-toolchain(.toml), mise.toml and .tool-versions name one;
 * `rust-version`, the edition and the format of Cargo.lock only say which is too old, and the newest
 * is taken. Source: The Cargo Book, "The Manifest Format"; the release notes of Rust.
 */
import { semver } from "../../lib/semver.ts";
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { namedVersion } from "../version-files.ts";
import { CARGO_LOCK } from "./cargo-lock.ts";
import { CARGO_TOML, lineWith } from "./cargo-toml.ts";
import { type CargoProject, inherited, placeOfKey } from "./project.ts";
import { readToolchainFile } from "./toolchain-file.ts";
import { rustVersions } from "./versions.ts";

/** Nothing runs with it. */
export function requestedRust(tree: SourceTree, project: CargoProject): RequestedRuntime[] {
  const request = { language: "rust", use: "build" } as const;
  const least = minimumOf(tree, project);
  const said = saidOf(tree);
  if (said === null) return [{ ...request, range: `>=${least.version}`, from: least.from }];
  return [{ ...request, range: said.range, from: said.from }];
}

/** What is to be told of them. */
export function pinWarnings(tree: SourceTree, project: CargoProject): string[] {
  const least = minimumOf(tree, project);
  const said = saidOf(tree);
  if (said === null || mayBe(said.range, least.version)) return [];
  return [
    `${formatOrigin(said.from)} asks for rust ${said.range}, and ${formatOrigin(least.from)} needs ${least.version} or newer: ${least.reason}`,
  ];
}

// --- internal ---

interface Minimum {
  version: string;
  from: Origin;
  reason: string;
}

/** The first with an edition, and with a format of Cargo.lock. */
const EDITIONS: Readonly<Record<string, string>> = { "2024": "1.85.0", "2021": "1.56.0" };
const LOCK_FORMATS: Readonly<Record<number, string>> = { 4: "1.78.0", 3: "1.53.0" };

/** The highest of all that are built together. */
function minimumOf(tree: SourceTree, { crates, top, lock }: CargoProject): Minimum {
  const all: Minimum[] = [{ version: "1.56.0", from: { what: CARGO_TOML }, reason: "it is older" }];
  for (const crate of crates) {
    const edition = inherited(crate, top, "edition");
    const first = EDITIONS[edition?.value ?? ""];
    const place = (isShared: boolean, key: string) =>
      placeOfKey(tree, isShared ? CARGO_TOML : crate.file, key);
    if (first !== undefined) {
      const from = place(edition!.isShared, "edition");
      all.push({ version: first, from, reason: `edition ${edition!.value} came with it` });
    }
    const said = inherited(crate, top, "rust-version");
    const version = semver.coerce(said?.value ?? "")?.version;
    if (version !== undefined) {
      const from = place(said!.isShared, "rust-version");
      all.push({ version, from, reason: `rust-version = "${said!.value}"` });
    }
  }
  const first = LOCK_FORMATS[lock?.format ?? 0];
  if (first !== undefined) {
    const line = lineWith(tree.text(CARGO_LOCK) ?? "", /^version = /);
    const from = { what: CARGO_LOCK, ...(line === undefined ? {} : { line }) };
    all.push({
      version: first,
      from,
      reason: `version ${lock!.format} of its format came with it`,
    });
  }
  return all.reduce((best, one) => (semver.lt(one.version, best.version) ? best : one));
}

function saidOf(tree: SourceTree): { range: string; from: Origin } | null {
  const file = readToolchainFile(tree);
  if (file?.channel !== undefined) {
    const { name, line } = file.channel;
    return { range: name, from: { what: file.file, line } };
  }
  const named = namedVersion(tree, ["rust"]);
  return named === null ? null : { range: named.version, from: named.from };
}

/** Whether anything that is asked for may be as new as that. */
function mayBe(range: string, least: string): boolean {
  const allows = rustVersions.parse(range);
  if (allows === null) return true;
  const series = rustVersions.known.flatMap((one) => [`${one}.0`, `${one}.1`, `${one}.2`]);
  return series.filter(allows).some((one) => semver.gte(one, least)) || !series.some(allows);
}
