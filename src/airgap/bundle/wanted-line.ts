/** Pure: where a file of an app asks for a thing, by the way in which each kind of file does. */
import { normalizePythonName } from "./classify.ts";
import type { Item, ItemKind } from "./item.ts";

/** A kind of file, and how a thing is found in its lines. */
export interface WantedRule {
  kinds: readonly ItemKind[];
  /** Of the file's name, without folder. */
  file: RegExp;
  /**
   * @param version empty where any will do
   * @returns the index of the line, or -1
   */
  find(lines: readonly string[], item: Item, version: string): number;
}

/** Lock files before what they were made from: they name everything, and its version. */
export const WANTED_RULES: readonly WantedRule[] = [
  { kinds: ["npm"], file: /^yarn\.lock$/, find: findInYarnLock },
  { kinds: ["npm"], file: /^(package-lock|npm-shrinkwrap)\.json$/, find: findInNpmLock },
  { kinds: ["npm"], file: /^pnpm-lock\.yaml$/, find: findInPnpmLock },
  { kinds: ["pypi"], file: /^(poetry|uv|pdm)\.lock$/, find: findInPythonLock },
  { kinds: ["pypi"], file: /^Pipfile\.lock$/, find: anyVersion(pythonNames) },
  { kinds: ["pypi"], file: /requirements.*\.(txt|in)$/, find: findInRequirements },
  { kinds: ["gem"], file: /^Gemfile\.lock$/, find: findInGemfileLock },
  { kinds: ["npm"], file: /^package\.json$/, find: anyVersion(quotedKeys) },
  {
    kinds: ["pypi"],
    file: /^(pyproject\.toml|setup\.(py|cfg)|Pipfile)$/,
    find: anyVersion(pythonNames),
  },
  { kinds: ["gem"], file: /^Gemfile$|\.gemspec$/, find: anyVersion(gemNames) },
  { kinds: ["deb", "npm", "gem"], file: /^nua-config\./, find: anyVersion(words) },
  { kinds: ["pypi"], file: /^nua-config\./, find: anyVersion(pythonNames) },
  {
    kinds: ["git", "file"],
    file: /^nua-config\.|^package\.json$|\.lock$|-lock\.(json|yaml)$|requirements.*\.txt$|^pyproject\.toml$|^Gemfile$/,
    find: findAddress,
  },
];

// --- internal ---

type Find = WantedRule["find"];

/** In files that name things without saying which version it became. */
function anyVersion(names: (line: string, item: Item) => string[]): Find {
  return (lines, item, version) => {
    if (version !== "") return -1;
    return lines.findIndex((line) => names(line, item).includes(item.name));
  };
}

function words(line: string): string[] {
  return line.split(/[\s"',:[\]{}=<>@()]+/);
}

function quotedKeys(line: string): string[] {
  return [...line.matchAll(/"([^"]+)"\s*:/g)].map(([, key]) => key!);
}

/** `"flask>=3"`, `flask = "^3"`, `  flask` of a list. */
function pythonNames(line: string): string[] {
  const found = line.matchAll(/(?:^\s*-?\s*|["'])([A-Za-z0-9][A-Za-z0-9._-]*)/g);
  return [...found].map(([, name]) => normalizePythonName(name!));
}

function gemNames(line: string): string[] {
  return [...line.matchAll(/(?:gem|dependency)\s*\(?\s*["']([^"']+)["']/g)].map(
    ([, name]) => name!,
  );
}

/** yarn 1: `left-pad@^1.0.0:`, `  version "1.3.0"`; later: `"left-pad@npm:^1.0.0":`, `  version: 1.3.0` */
function findInYarnLock(lines: readonly string[], { name }: Item, version: string): number {
  return lines.findIndex((line, at) => {
    if (!/^\S.*:$/.test(line)) return false;
    const wishes = line.slice(0, -1).replaceAll('"', "").split(/,\s*/);
    const isNamed = wishes.some(
      (wish) => wish.startsWith(`${name}@`) || wish.includes(`@npm:${name}@`),
    );
    return isNamed && hasBelow(lines, at, version, /^\s+version:? "?([^"]+)"?$/, /^\S/);
  });
}

/** `"node_modules/left-pad": {` from version 2 on, `"left-pad": {` before; then `"version": "1.3.0",` */
function findInNpmLock(lines: readonly string[], { name }: Item, version: string): number {
  return lines.findIndex((line, at) => {
    const [, key = ""] = /^\s*"([^"]+)": \{$/.exec(line) ?? [];
    if (key !== name && !key.endsWith(`node_modules/${name}`)) return false;
    return hasBelow(lines, at, version, /^\s*"version": "([^"]+)",?$/, /[{}]\s*,?$/);
  });
}

/** `/left-pad@1.3.0:`, `left-pad@1.3.0(peer@2):`, `/left-pad/1.3.0:` */
function findInPnpmLock(lines: readonly string[], { name }: Item, version: string): number {
  return lines.findIndex((line) => {
    const key = line.trim().replace(/^['"]?\/?/, "");
    if (version === "") return key.startsWith(`${name}@`) || key.startsWith(`${name}:`);
    return [`${name}@${version}`, `${name}/${version}`].some((start) => {
      return key.startsWith(start) && /^['"(:_]/.test(key.slice(start.length));
    });
  });
}

/** `[[package]]`, `name = "flask"`, `version = "3.0.0"` */
function findInPythonLock(lines: readonly string[], { name }: Item, version: string): number {
  return lines.findIndex((line, at) => {
    const [, found] = /^name = "([^"]+)"$/.exec(line) ?? [];
    if (found === undefined || normalizePythonName(found) !== name) return false;
    return hasBelow(lines, at, version, /^version = "([^"]+)"$/, /^\[\[/);
  });
}

/** `flask[async]==3.0.0 ; python_version > "3.8" --hash=…` */
function findInRequirements(lines: readonly string[], { name }: Item, version: string): number {
  return lines.findIndex((line) => {
    const [, found, pinned] =
      /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;,\\#]+))?/.exec(line) ??
      [];
    if (found === undefined || normalizePythonName(found) !== name) return false;
    return version === "" || pinned === version;
  });
}

/** `    rails (7.1.2)`, `    nokogiri (1.15.5-x86_64-linux)`; six spaces are what a gem wants. */
function findInGemfileLock(
  lines: readonly string[],
  { name, arch }: Item,
  version: string,
): number {
  const versions = arch === undefined ? [version] : [`${version}-${arch}`, version];
  return lines.findIndex((line) => {
    const [, found, given] = /^ {4}(\S+) \(([^)]+)\)$/.exec(line) ?? [];
    return found === name && (version === "" || versions.includes(given!));
  });
}

/** Without its beginning and end, which are written in several ways. */
function findAddress(lines: readonly string[], { name }: Item): number {
  const address = name.replace(/^[a-z+]+:\/\//, "").replace(/(\.git)?\/?$/, "");
  return address === "" ? -1 : lines.findIndex((line) => line.includes(address));
}

/** Whether a line below says that version, before another entry begins. */
function hasBelow(
  lines: readonly string[],
  at: number,
  version: string,
  pattern: RegExp,
  end: RegExp,
): boolean {
  if (version === "") return true;
  for (const line of lines.slice(at + 1, at + 1 + REACH)) {
    const [, found] = pattern.exec(line) ?? [];
    if (found !== undefined) return found === version;
    if (end.test(line)) return false;
  }
  return false;
}

/** Lines of an entry in which its version has to come. */
const REACH = 20;
