/** Crates: a sparse index, and what it says where they are; and Rust itself, as rustup gets it. */
import { withSlash } from "../lib/urls.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, hasBelow, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

export const CRATES_INDEX = "https://index.crates.io/";

/** Toolchains, below `dist`; a mirror keeps its layout. */
export const RUST_DIST = "https://static.rust-lang.org/";

export const RUST_DIST_VARIABLE = "NUA_RUST_DIST";

export const crates = defineRegistry({
  kind: "crate",
  settings: [
    {
      ...{ name: "cargoIndex", variable: "NUA_CARGO_INDEX", key: "cargo.index" },
      about: "Address of a sparse index of crates",
      holds: "address",
      check: { name: "index of crates", path: "config.json" },
    },
    {
      ...{ name: "rustDist", variable: RUST_DIST_VARIABLE, key: "rust.dist" },
      // Source: rustup, "Environment variables".
      alias: "RUSTUP_DIST_SERVER",
      about: "Address of a server with toolchains of Rust, as rustup has it",
      holds: "address",
      check: { name: "toolchains of Rust", path: "dist/channel-rust-stable.toml.sha256" },
    },
  ],

  /** "cargo 1.75.0", "cargo/1.96.0 (…)". */
  agents: { cargo: "cargo" },

  /**
   * What is fetched, and what is compiled: Cargo's own names below its home, which is the folder of
   * all that goes with the build. One at a time: what locks them is not in them.
   */
  caches: [
    { name: "registry", isShared: false },
    { name: "git", isShared: false },
    { name: "cargotarget", isShared: false },
  ],

  /**
   * Whatever runs Cargo, nothing of it ends in the image. No variable replaces a source. Source: The
   * Cargo Book, "Source Replacement", "Environment Variables".
   */
  clients({ settings: { cargoIndex, rustDist }, folder, certificates }) {
    return {
      env: {
        CARGO_HOME: folder,
        // Cargo 1.68 and 1.69 can, and do so only when they are told.
        CARGO_REGISTRIES_CRATES_IO_PROTOCOL: "sparse",
        // Addresses that are rewritten, certificates and passwords are git's.
        CARGO_NET_GIT_FETCH_WITH_CLI: "true",
        ...(certificates === null ? {} : { CARGO_HTTP_CAINFO: certificates.all }),
        // Read by app_builder itself, when a script of the app's calls it.
        ...(rustDist === undefined ? {} : { [RUST_DIST_VARIABLE]: rustDist }),
      },
      files: cargoIndex === undefined ? [] : configFiles(folder, cargoIndex),
    };
  },

  // It tells of the first that it lacks; with what has come it goes further.
  askForRest: (command) => (command.argv[0] === "cargo" ? [command] : undefined),

  destinations: ({ url }, { cargoIndex, rustDist }) => [
    ...mirrored(url, [CRATES_INDEX], cargoIndex),
    ...mirrored(url, [RUST_DIST], rustDist),
  ],

  identify: (address) => readCrate(address) ?? readToolchain(address) ?? readIndex(address),

  indexedPackage({ plain, client, segments }) {
    const isIndex = client === "cargo" || plain.startsWith(CRATES_INDEX);
    const name = segments.at(-1) ?? "";
    return isIndex && isIndexPath(segments) ? { kind: "crate", name, version: "" } : undefined;
  },

  nameOf: (segments) => segments.at(-1) ?? "",

  /** A part of a toolchain is for one processor, and no crate. */
  packageUrl: ({ name, version, arch, url }) =>
    arch === undefined
      ? `pkg:cargo/${encode(name)}@${encode(version)}`
      : `pkg:generic/${encode(name)}@${encode(version)}${qualifiers({ arch, download_url: url })}`,

  wanted: [
    { file: /^Cargo\.lock$/, find: findInLock },
    { file: /^Cargo\.toml$/, find: anyVersion(dependencyNames) },
    { file: /^(rust-toolchain(\.toml)?|\.tool-versions|mise\.toml)$/, find: findPin },
    IN_CONFIG,
  ],
});

// --- internal ---

/** Of Cargo's home: what an app says in its own counts more, such as where it has vendored crates. */
function configFiles(folder: string, index: string): { path: string; text: string }[] {
  // Cargo refuses one that stands in for itself.
  if (withSlash(index.trim()) === CRATES_INDEX) return [];
  const address = JSON.stringify(`sparse+${withSlash(index.trim())}`);
  const text = `[source.crates-io]\nreplace-with = "nua"\n\n[source.nua]\nregistry = ${address}\n`;
  return [{ path: `${folder}/config.toml`, text }];
}

/** `…/NAME/VERSION/download`, `…/NAME/NAME-VERSION.crate`, `…/NAME-VERSION.crate` */
function readCrate({ segments, file }: Address): Item | undefined {
  const [name = "", version = ""] = segments.slice(-3, -1);
  if (file === "download" && /^\d+\.\d+\.\d+/.test(version) && segments.at(-4) !== undefined) {
    return { kind: "crate", name, version };
  }
  const [, own, found] = /^(.+?)-(\d+\.\d+\.\d+.*)\.crate$/.exec(file) ?? [];
  if (own !== undefined) return { kind: "crate", name: own, version: found! };
  return undefined;
}

/** `rustc-1.85.1-x86_64-unknown-linux-gnu.tar.xz`; manifests of channels say what there is. */
function readToolchain({ plain, file, path }: Address): Item | undefined {
  if (/\/dist\/(?:[^/]+\/)?channel-rust-[\w.-]+\.toml(?:\.sha256)?$/.test(path)) {
    return indexItem(plain);
  }
  const [, name, version, arch] =
    /^(rustc|cargo|rust-std)-(\d+\.\d+\.\d+)-([a-z0-9_]+)-unknown-linux-\w+\.tar\.(?:xz|gz)$/.exec(
      file,
    ) ?? [];
  return name === undefined ? undefined : { kind: "crate", name, version: version!, arch: arch! };
}

function readIndex({ plain, client, segments, file }: Address): Item | undefined {
  const isIndex = client === "cargo" || plain.startsWith(CRATES_INDEX);
  const isOne = file === "config.json" || isIndexPath(segments);
  return isIndex && isOne ? indexItem(plain) : undefined;
}

/** `1/a`, `2/ab`, `3/a/abc`, `ab/cd/abcd`. Source: The Cargo Book, "Registry Index". */
function isIndexPath(segments: readonly string[]): boolean {
  const [first = "", second = "", name = ""] = segments.slice(-3);
  const [length = "", short = ""] = segments.slice(-2);
  if (/^[12]$/.test(length) && short.length === Number(length)) return true;
  if (first === "3") return name.length === 3 && second === name[0];
  return name.length > 3 && first === name.slice(0, 2) && second === name.slice(2, 4);
}

/** `name = "serde"`, and below `version = "1.0.200"`. */
function findInLock(...[lines, { name }, version]: Parameters<WantedRule["find"]>): number {
  return lines.findIndex(
    (line, at) =>
      line === `name = "${name}"` && hasBelow(lines, at, version, /^version = "([^"]+)"$/, /^\[/),
  );
}

/** `serde = "1"`, `serde.workspace = true`, `[dependencies.serde]` */
function dependencyNames(line: string): string[] {
  const [, key] = /^\s*["']?([\w-]+)["']?\s*[=.]/.exec(line) ?? [];
  const [, section] =
    /^\[(?:.*\.)?(?:dev-|build-)?dependencies\.["']?([\w-]+)["']?\]/.exec(line) ?? [];
  return [key, section].flatMap((one) => one ?? []);
}

/** A line about Rust, whatever versions it allows. */
function findPin(lines: readonly string[], { arch }: Item, version: string): number {
  if (version !== "" || arch === undefined) return -1;
  return lines.findIndex((line) => /rust|channel|^\s*\d+(\.\d+)*\s*$/i.test(line));
}
