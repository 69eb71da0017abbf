/** Pure: finds the line of a manifest or lock file that names a package. */
import type { Item } from "./item.ts";

/** A kind of file, and how a package is found in its lines. */
export interface WantedRule {
  /** Of the file's name, without folder. */
  file: RegExp;
  /**
   * @param version empty where any will do
   * @returns the index of the line, or -1
   */
  find(lines: readonly string[], item: Item, version: string): number;
}

/** For packages that a nua-config names as they are. */
export const IN_CONFIG: WantedRule = { file: /^nua-config\./, find: anyVersion(words) };

/** In files that name things without saying which version it became. */
export function anyVersion(names: (line: string, item: Item) => string[]): WantedRule["find"] {
  return (lines, item, version) => {
    if (version !== "") return -1;
    return lines.findIndex((line) => names(line, item).includes(item.name));
  };
}

/** Without its beginning and end, which are written in several ways. */
export function findAddress(lines: readonly string[], { name }: Item): number {
  const address = name.replace(/^[a-z+]+:\/\//, "").replace(/(\.git)?\/?$/, "");
  return address === "" ? -1 : lines.findIndex((line) => line.includes(address));
}

/** Whether a line below says that version, before another entry begins. */
export function hasBelow(
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

// --- internal ---

/** Lines of an entry in which its version has to come. */
const REACH = 20;

function words(line: string): string[] {
  return line.split(/[\s"',:[\]{}=<>@()]+/);
}
