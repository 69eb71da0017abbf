/** yarn.lock, of yarn 1 and of later ones: does it fit its manifests? Pure. */
import { semver } from "../../../lib/semver.ts";
import { type LockInput, wishesOf } from "./wishes.ts";

/** What `yarn install --frozen-lockfile` refuses: a wish without an entry of its own. */
export function classicDifference({ text, packages }: LockInput): string | null {
  const keys = keysOf(text);
  const members = new Set(packages.map(({ manifest }) => manifest.name));
  const resolutions = packages[0]?.manifest.raw.resolutions;
  for (const { folder, manifest } of packages) {
    for (const { name, range } of wishesOf(manifest)) {
      if (members.has(name) || isNamed(resolutions, name) || /^(link|file):/.test(range)) continue;
      // Of these, yarn notes what they have become.
      if (!keys.has(`${name}@${range}`)) return lacks(name, range, folder);
    }
  }
  return null;
}

/** What `yarn install --immutable` refuses: wishes that its entries of members do not have. */
export function berryDifference({ text, packages }: LockInput): string | null {
  const keys = keysOf(text);
  const resolutions = packages[0]?.manifest.raw.resolutions;
  const members = new Set(packages.map(({ manifest }) => manifest.name));
  for (const { folder, manifest } of packages) {
    for (const { name, range } of wishesOf(manifest)) {
      if (members.has(name) || isNamed(resolutions, name) || !isPlain(range)) continue;
      // The protocol is written in front, from yarn 2 on.
      if (keys.has(`${name}@${range}`) || keys.has(`${name}@npm:${range}`)) continue;
      return lacks(name, range, folder);
    }
  }
  return null;
}

// --- internal ---

/** `a@^1, a@^1.2:` and `"@b/c@npm:^1":` at the beginning of a line. */
function keysOf(text: string): Set<string> {
  const keys = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    if (/^[\s#]/.test(line) || !line.endsWith(":")) continue;
    for (const key of line.slice(0, -1).split(/,\s*/)) keys.add(key.replace(/^"|"$/g, ""));
  }
  return keys;
}

/** Others are noted in ways of their own. */
function isPlain(range: string): boolean {
  return semver.validRange(range) !== null;
}

/** A key of it may be a name, or a path to one. */
function isNamed(resolutions: unknown, name: string): boolean {
  if (typeof resolutions !== "object" || resolutions === null) return false;
  return Object.keys(resolutions).some(
    (key) => key === name || key.startsWith(`${name}@`) || key.endsWith(`/${name}`),
  );
}

function lacks(name: string, range: string, folder: string): string {
  return `it lacks ${name}@${range}${folder === "" ? "" : ` in ${folder}`}`;
}
