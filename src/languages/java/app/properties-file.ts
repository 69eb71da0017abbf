/** Pure: files of Java properties: `key=value`, `key: value`. Source: java.util.Properties, load. */
import type { SourceTree } from "../../../source/source-tree.ts";

export interface Property {
  value: string;
  /** From 1. */
  line: number;
}

/** The last of several of the same name counts. */
export function readProperties(tree: SourceTree, file: string): ReadonlyMap<string, Property> {
  const found = new Map<string, Property>();
  const lines = (tree.text(file) ?? "").split(/\r\n|\r|\n/).slice(0, MOST_LINES);
  for (let at = 0; at < lines.length; at += 1) {
    const start = at;
    const pieces = [lines[at]!.trimStart()];
    if (pieces[0] === "" || /^[#!]/.test(pieces[0]!)) continue;
    while (goesOn(pieces.at(-1)!) && at + 1 < lines.length) {
      at += 1;
      pieces.push(pieces.pop()!.slice(0, -1), lines[at]!.trimStart());
    }
    const text = pieces.join("");
    const key = /^(?:\\.|[^\\\s:=])+/.exec(text)?.[0] ?? "";
    if (key === "") continue;
    const rest = text.slice(key.length).trimStart().replace(/^[:=]/, "");
    found.set(unescaped(key), { value: unescaped(rest.trim()), line: start + 1 });
  }
  return found;
}

// --- internal ---

const MOST_LINES = 20_000;

/** Whether the next line belongs to it: one that ends with a backslash which is not escaped itself. */
function goesOn(line: string): boolean {
  let slashes = 0;
  while (line.at(-1 - slashes) === "\\") slashes += 1;
  return slashes % 2 === 1;
}

function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\(.)/g, "$1");
}
