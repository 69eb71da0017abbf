/** Finds the line of an app's files that requires a package. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathSegments } from "../../registries/address.ts";
import type { Item, WantedPlace } from "../../registries/item.ts";
import { INSTALLED_FOLDERS, REGISTRIES, registryOf } from "../../registries/registries.ts";
import { findAddress, type WantedRule } from "../../registries/wanted-line.ts";
import { readAppFile } from "../../source/app-file.ts";
import { isStagedBelow } from "../../source/staged-names.ts";

/**
 * @param folder the app's
 * @returns undefined where no file names it: what something else wants stands in lock files only
 */
export async function findWanted(item: Item, folder: string): Promise<WantedPlace | undefined> {
  const files = await listFiles(folder);
  const candidates = candidatesOf(item);
  for (const { item: wanted, version } of candidates) {
    for (const rule of rulesFor(wanted.kind)) {
      const place = await findByRule(rule, { wanted, version, files, folder });
      if (place !== undefined) return place;
    }
  }
  return undefined;
}

// --- internal ---

interface Candidate {
  item: Item;
  version: string;
}

/** First the very version, then any. A document of an index is about a package of that name. */
function candidatesOf(item: Item): Candidate[] {
  if (item.kind !== "index") {
    const versions = item.version === "" ? [""] : [item.version, ""];
    return versions.map((version) => ({ item, version }));
  }
  const segments = pathSegments(item.name);
  return REGISTRIES.flatMap(({ kind, nameOf }) => {
    if (nameOf === undefined) return [];
    return [{ item: { kind, name: nameOf(segments), version: "" }, version: "" }];
  });
}

/** Files that name packages may name any address. */
const FILES = REGISTRIES.flatMap(({ wanted }) => wanted.map(({ file }) => file));
const ADDRESS_RULES: readonly WantedRule[] = FILES.map((file) => ({ file, find: findAddress }));

function rulesFor(kind: string): readonly WantedRule[] {
  const rules = registryOf(kind)?.wanted ?? [];
  return rules.length > 0 ? rules : ADDRESS_RULES;
}

async function findByRule(
  rule: WantedRule,
  {
    wanted,
    version,
    files,
    folder,
  }: { wanted: Item; version: string; files: readonly string[]; folder: string },
): Promise<WantedPlace | undefined> {
  for (const file of files) {
    if (!rule.file.test(file.slice(file.lastIndexOf("/") + 1))) continue;
    const line = rule.find(readLines(folder, file), wanted, version);
    if (line >= 0) return { file, line: line + 1 };
  }
  return undefined;
}

/** How deep in an app's folder its parts are. */
const DEPTH = 3;

function readLines(root: string, path: string): string[] {
  try {
    return (readAppFile(root, path) ?? "").split(/\r?\n/);
  } catch {
    return [];
  }
}

/** Those that a rule knows, the upper ones first. */
async function listFiles(root: string, folder = "", depth = 0): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const paths = (names: typeof entries) =>
    names.map(({ name }) => (folder === "" ? name : `${folder}/${name}`)).sort();
  const files = entries.filter(
    (entry) => !entry.isDirectory() && FILES.some((file) => file.test(entry.name)),
  );
  const folders = entries.filter((entry) => entry.isDirectory() && isLookedInto(entry.name));
  if (depth >= DEPTH) return paths(files);
  const below = await Promise.all(paths(folders).map((path) => listFiles(root, path, depth + 1)));
  return [...paths(files), ...below.flat()];
}

function isLookedInto(name: string): boolean {
  return (
    !name.startsWith(".") &&
    !INSTALLED_FOLDERS.some((folder) => folder.name === name) &&
    isStagedBelow(name)
  );
}
