/** What files call a version of Node, as a range of semver. Pure. */
import { semver } from "../../lib/semver.ts";

/** nodejs/Release, schedule.json. */
const CODENAMES: Readonly<Record<string, number>> = {
  ...{ argon: 4, boron: 6, carbon: 8, dubnium: 10, erbium: 12, fermium: 14, gallium: 16 },
  ...{ hydrogen: 18, iron: 20, jod: 22, krypton: 24 },
};

/** Newest first: `lts/-1` is the one before the newest. */
const LONG_TERM = [...Object.values(CODENAMES)].sort((a, b) => b - a);

/** They name no version of their own: the newest that there is, or the machine's. */
const ANY = /^(?:node|latest|current|stable|system|default)$/i;

/**
 * A version, a range, or an alias of nvm, n, nodenv, asdf or mise.
 * @returns "*" for any version; null for what is none of these
 */
export function nodeRange(text: string): string | null {
  const word = text.trim().replace(/^node(?:js)?[@-]?(?=v?\d|lts)/i, "");
  if (word === "" || word.length > MOST_CHARACTERS) return null;
  if (ANY.test(word)) return "*";
  const lts = /^(?:lts)(?:[/-](.+))?$/i.exec(word);
  if (lts !== null) return longTerm(lts[1]?.toLowerCase() ?? "*");
  const codename = CODENAMES[word.toLowerCase()];
  return codename === undefined ? validRange(word) : String(codename);
}

/** The versions that both allow; null where there are none. */
export function bothRanges(one: string, other: string): string | null {
  if (one === "*" || one === other) return other;
  if (other === "*") return one;
  if (!intersects(one, other)) return null;
  if (semver.subset(one, other)) return one;
  if (semver.subset(other, one)) return other;
  const parts = one.split("||").flatMap((left) => other.split("||").map((right) => [left, right]));
  const both = parts
    .filter(([left, right]) => intersects(left!, right!))
    .map((pair) => pair.map(joinable).join(" "));
  return both.join(" || ");
}

// --- internal ---

/** Longer ones are no range that a person has written: an app is not trusted. */
const MOST_CHARACTERS = 200;

/** As it stands there, since that is what its writer knows; a "v" before a number is left out. */
function validRange(text: string): string | null {
  const plain = text.replace(/(^|[\s<>=^~|])v(?=\d)/g, "$1").trim();
  return semver.validRange(plain) === null ? null : plain;
}

/** "16 - 18" cannot stand beside another range. */
function joinable(part: string): string {
  return part.includes(" - ") ? (semver.validRange(part) ?? part) : part.trim();
}

function intersects(one: string, other: string): boolean {
  return semver.intersects(one, other);
}

function longTerm(name: string): string | null {
  if (name === "*" || name === "latest") return String(LONG_TERM[0]);
  const back = /^-(\d+)$/.exec(name)?.[1];
  const major = back === undefined ? CODENAMES[name] : LONG_TERM[Number(back)];
  return major === undefined ? null : String(major);
}
