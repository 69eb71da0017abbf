/** What an app's folder says of the app: its manifests, and the folder's name. Pure. */
import { valid } from "@renovatebot/pep440";
import type { AppDescription, Language } from "../languages/language.ts";
import { detectLanguages, LANGUAGES } from "../languages/languages.ts";
import { sha256Hex } from "../lib/digest.ts";
import { type SourceTree, subtree, treePath } from "../source/source-tree.ts";
import { isImageName } from "./image-names.ts";

/** A value of metadata or build, and what says it. */
export interface Told {
  value: string;
  /** A file, or what else it is taken from. */
  from: string;
}

/** By keys of metadata; `license` is one of build. */
export interface DescribedApp {
  id: Told;
  version: Told;
  title: Told;
  author: Told;
  tagline?: Told;
  website?: Told;
  license?: Told;
  /** The manifests of its languages. */
  manifests: string[];
}

/**
 * @param tree the app's files
 * @param folder the name of its folder
 * @throws NuaError (config) for a manifest that its language cannot read
 */
export function describeApp(
  tree: SourceTree,
  folder: string,
  languages: readonly Language[] = LANGUAGES,
): DescribedApp {
  const found = describedBy(tree, languages);
  const pick = (key: keyof AppDescription, accept: (text: string) => string | undefined) => {
    for (const { manifest, description } of found) {
      const value = accept(line(description[key] ?? "", LONGEST[key]));
      if (value !== undefined) return { value, from: manifest };
    }
    return undefined;
  };
  const text = (key: keyof AppDescription) => pick(key, (value) => value || undefined);
  const tagline = text("description");
  const license = text("license");
  const website = pick("homepage", (value) => (/^https?:\/\/\S+$/.test(value) ? value : undefined));
  return {
    id: pick("name", appId) ?? { value: appId(folder) ?? unspoken(folder), from: FOLDER_NAME },
    version: pick("version", appVersion) ?? { value: FIRST_VERSION, from: NOTHING },
    title: pick("name", appTitle) ?? { value: appTitle(folder) ?? UNNAMED, from: FOLDER_NAME },
    author: text("author") ?? { value: "", from: NOTHING },
    ...(tagline && { tagline }),
    ...(website && { website }),
    ...(license && { license }),
    manifests: found.map(({ manifest }) => manifest),
  };
}

/**
 * The member of a workspace, or the folder, that is the app: what that leaves out, but for its
 * name, is what the whole says.
 */
export function describeMember(tree: SourceTree, folder: string, app: string): DescribedApp {
  const whole = describeApp(tree, folder);
  const member = findMember(tree, app);
  if (member === null || member === "") return whole;
  const name = member.slice(member.lastIndexOf("/") + 1);
  const { manifests, ...own } = describeApp(subtree(tree, member), name);
  const placed = Object.entries(own).map(([key, told]) => {
    const isFile = manifests.includes(told.from);
    return [key, isFile ? { ...told, from: `${member}/${told.from}` } : told];
  });
  const { version, author, ...others }: Omit<DescribedApp, "manifests"> =
    Object.fromEntries(placed);
  return {
    ...{ ...whole, ...others },
    version: version.from === NOTHING ? whole.version : version,
    author: author.from === NOTHING ? whole.author : author,
    manifests: [...manifests.map((file) => `${member}/${file}`), ...whole.manifests],
  };
}

// --- internal ---

/** Its folder, by its name or its path; null where there is none. */
function findMember(tree: SourceTree, app: string): string | null {
  for (const language of LANGUAGES) {
    const found = language.detect(tree) === null ? null : language.findMember?.(tree, app);
    if (found) return found;
  }
  const path = treePath(app);
  return path !== undefined && tree.has(path) ? path : null;
}

const FOLDER_NAME = "the folder's name";
const NOTHING = "no file says it";
const UNNAMED = "app";
const FIRST_VERSION = "0.1.0";

/** Characters: what is longer is cut off. */
const LONGEST: Readonly<Record<keyof AppDescription, number>> = {
  ...{ name: 200, version: 100, description: 300, author: 200, license: 100, homepage: 500 },
};

/** Of the name of an image, and of the file with its archive. */
const LONGEST_ID = 100;

/** For names without a letter or digit that the name of an image may have, each its own. */
function unspoken(folder: string): string {
  if (folder === "") return UNNAMED;
  return `${UNNAMED}-${sha256Hex(folder).slice(0, 6)}`;
}

interface Described {
  manifest: string;
  description: AppDescription;
}

/** Those that say more come first; of two that say as much, what is built later, from the other. */
function describedBy(tree: SourceTree, languages: readonly Language[]): Described[] {
  return detectLanguages(tree, [], languages)
    .map((language) => ({
      manifest: language.detect(tree)!,
      description: language.describe?.(tree) ?? {},
    }))
    .reverse()
    .sort((one, other) => weight(other) - weight(one));
}

function weight({ description: { name, version } }: Described): number {
  return (name === undefined ? 0 : 2) + (version === undefined ? 0 : 1);
}

/** One line without control characters and the like, not longer than that. */
function line(text: unknown, longest: number): string {
  if (typeof text !== "string") return "";
  const clean = text
    .slice(0, 4 * longest)
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  const characters = [...clean];
  return characters.length <= longest ? clean : `${characters.slice(0, longest - 1).join("")}…`;
}

/** Of `@scope/name`, the name. */
function appTitle(name: string): string | undefined {
  return line(name, LONGEST.name).replace(/^@[^/]*\//, "") || undefined;
}

/** The name as one of an image; undefined where nothing is left of it. */
function appId(name: string): string | undefined {
  const id = (appTitle(name) ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    // What may stand between letters: one dot, one or two underscores, hyphens.
    .replace(/[._-]{2,}/g, (run) => (run === "__" || /^-+$/.test(run) ? run : "-"))
    .slice(0, LONGEST_ID)
    .replace(/^[._-]+|[._-]+$/g, "");
  return isImageName(id) ? id : undefined;
}

/** As it can be in a tag, and has an order; of others, the numbers that it begins with. */
function appVersion(version: string): string | undefined {
  const plain = version.replace(/^[vV=\s]+(?=\d)/, "").replace(/^\d+!|\+.*$/g, "");
  if (/^\w[\w.-]*$/.test(plain) && valid(plain) !== null) return plain;
  return /^\d+(\.\d+)*/.exec(plain)?.[0];
}
