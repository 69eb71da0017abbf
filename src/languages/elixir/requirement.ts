/** Pure: requirements of versions, as Elixir and Hex write them. Source: hexdocs.pm/elixir, Version. */
import { semver } from "../../lib/semver.ts";

const MOST_CHARACTERS = 256;

/** `~> 1.14`, `>= 1.13.0 and < 2.0.0`, `~> 1.0 or ~> 2.0` as a range of semver; null where it is none. */
export function semverRange(requirement: string): string | null {
  if (requirement.length > MOST_CHARACTERS) return null;
  const choices = requirement.split(/\s+or\s+|\|\|/).map((choice) => {
    const parts = choice.split(/\s+and\s+|,/).map((part) => comparator(part.trim()));
    return parts.includes(null) ? null : parts.join(" ");
  });
  if (choices.includes(null)) return null;
  return semver.validRange(choices.join(" || "));
}

// --- internal ---

/** `~> 1.14` is every later 1.x, and `~> 1.14.2` every later 1.14. */
function comparator(text: string): string | null {
  const [, sign, version = ""] = /^(~>|>=|<=|==|!=|!|>|<|=)?\s*(.+)$/.exec(text) ?? [];
  if (version === "") return null;
  if (sign === "~>") {
    const [, major, minor, patch] = /^(\d{1,9})\.(\d{1,9})(\.\d{1,9})?/.exec(version) ?? [];
    if (major === undefined) return null;
    const least = patch === undefined ? withPatch(version) : version;
    const end =
      patch === undefined ? `${Number(major) + 1}.0.0` : `${major}.${Number(minor) + 1}.0`;
    return `>=${least} <${end}-0`;
  }
  if (sign === "!=" || sign === "!") return `<${version} || >${version}`;
  return `${sign === "==" ? "=" : (sign ?? "")}${version}`;
}

/** `1.14-dev` is a version of 1.14.0. */
function withPatch(version: string): string {
  return version.replace(/^(\d+\.\d+)/, "$1.0");
}
