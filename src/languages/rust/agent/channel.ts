/**
 * Pure: the manifests of channels that a server for rustup has. Source: Rust Forge, "Channel
 * Layout"; the manifests themselves.
 */

/** What tells the newest stable version. */
export const STABLE_MANIFEST = "dist/channel-rust-stable.toml";

/** @param version "1.85" is the newest of that series */
export function manifestOf(version: string): string {
  return `dist/channel-rust-${version}.toml`;
}

/** What a toolchain is made from; the first has the compiler. */
export const COMPONENTS = ["rustc", "cargo", "rust-std"] as const;

export interface Component {
  name: string;
  /** As the manifest has it: of the public server. */
  url: string;
  /** SHA-256, in hexadecimal. */
  sha256: string;
}

/**
 * All versions that there are: Rust leaves no series out. How many patches each has, a manifest of
 * another series does not say: no series has had more than three.
 */
export function parseStable(text: string): string[] | undefined {
  const newest = versionOf(text);
  const [, minor, patch] = /^1\.(\d{1,3})\.(\d{1,2})$/.exec(newest ?? "") ?? [];
  if (minor === undefined) return undefined;
  const series = Array.from({ length: Number(minor) + 1 }, (_, index) => index);
  return series.flatMap((one) => {
    const last = one === Number(minor) ? Number(patch) : MOST_PATCHES;
    return Array.from({ length: last + 1 }, (_, index) => `1.${one}.${index}`);
  });
}

/** The version that a manifest is of. */
export function versionOf(manifest: string): string | undefined {
  return valueIn(sectionOf(manifest, "pkg.rustc"), "version")?.split(" ")[0];
}

/** Undefined where it has not all of them for that processor. */
export function componentsOf(manifest: string, triple: string): Component[] | undefined {
  const found = COMPONENTS.flatMap((name) => {
    const section = sectionOf(manifest, `pkg.${name}.target.${triple}`);
    const url = valueIn(section, "xz_url");
    const sha256 = valueIn(section, "xz_hash");
    const isWhole = url !== undefined && /^[0-9a-f]{64}$/.test(sha256 ?? "");
    return isWhole ? [{ name, url: url!, sha256: sha256! }] : [];
  });
  return found.length === COMPONENTS.length ? found : undefined;
}

// --- internal ---

const MOST_PATCHES = 2;

/** A section of TOML as these manifests have it: a key and a value on each line. */
function sectionOf(text: string, name: string): string {
  const at = text.indexOf(`\n[${name}]\n`);
  if (at < 0) return "";
  const from = at + name.length + 4;
  const end = text.indexOf("\n[", from - 1);
  return text.slice(from, end < 0 ? undefined : end);
}

function valueIn(section: string, key: string): string | undefined {
  return new RegExp(`^${key} = "([^"]*)"$`, "m").exec(section)?.[1];
}
