/** Pure: the Debian packages that an app's crates are built with, and run with. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import { CARGO_LOCK } from "./cargo-lock.ts";
import { CARGO_TOML, lineWith } from "./cargo-toml.ts";
import { NATIVE_NEEDS, type NativeNeed } from "./native-needs.ts";
import { type CargoProject, lockedNames } from "./project.ts";
import { readToolchainFile } from "./toolchain-file.ts";

export interface NativePackages {
  build: string[];
  run: RequestedPackages[];
  warnings: string[];
}

export function nativePackages(tree: SourceTree, project: CargoProject): NativePackages {
  const names = lockedNames(project);
  const file = project.lock === undefined ? CARGO_TOML : CARGO_LOCK;
  const text = tree.text(file) ?? "";
  const manifests = project.crates.map((crate) => tree.text(crate.file) ?? "").join("\n");
  const needs = NATIVE_NEEDS.flatMap((need) => {
    const crate = need.crates.find((one) => names.has(one));
    return crate === undefined || bringsOwn(need, names, manifests) ? [] : [{ need, crate }];
  });
  return {
    build: [
      ...new Set([
        ...needs.flatMap(({ need }) => need.build ?? []),
        ...(usesGit(project) ? ["git", "ca-certificates"] : []),
        ...linkers(tree),
      ]),
    ],
    run: needs.flatMap(({ need: { run = [] }, crate }) => {
      const line = lineWith(text, new RegExp(`^(?:name = )?["']?${crate}\\b`));
      const from = { what: `${file}: ${crate}`, ...(line === undefined ? {} : { line }) };
      return run.length === 0 ? [] : [{ names: run, from }];
    }),
    warnings: targetWarnings(tree),
  };
}

// --- internal ---

function bringsOwn(
  { unless, unlessFeature }: NativeNeed,
  names: ReadonlyMap<string, string>,
  manifests: string,
): boolean {
  if (unless !== undefined && names.has(unless)) return true;
  return unlessFeature !== undefined && manifests.includes(unlessFeature);
}

function usesGit({ lock, crates, top }: CargoProject): boolean {
  const isLocked = lock?.packages.some(({ source }) => source?.startsWith("git+")) ?? false;
  const tables = [
    ...crates.map(({ manifest }) => manifest.dependencies),
    top.workspace?.dependencies,
  ];
  return isLocked || tables.some((one) => Object.values(one ?? {}).some(({ git }) => git));
}

const LINKERS = ["mold", "lld", "clang"];

/** Those that the app's own settings of Cargo name. */
function linkers(tree: SourceTree): string[] {
  const text = (tree.text(".cargo/config.toml") ?? "") + (tree.text(".cargo/config") ?? "");
  return LINKERS.filter((name) => new RegExp(`["'=/]${name}["']`).test(text));
}

/** No Linux base has the libraries for another system that belong to its current compiler. */
function targetWarnings(tree: SourceTree): string[] {
  const file = readToolchainFile(tree);
  const others = (file?.targets ?? []).filter((one) => !/-unknown-linux-gnu/.test(one));
  return others.map((one) => `${file!.file} names the target ${one}, which is not there`);
}
