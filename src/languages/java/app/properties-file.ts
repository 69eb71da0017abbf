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
  const lines = (tree.text(file) ?? "").split(/\r?\n/).slice(0, MOST_LINES);
  for (let at = 0; at < lines.length; at += 1) {
    const start = at;
    let text = lines[at]!.trimStart();
    if (text === "" || /^[#!]/.test(text)) continue;
    while (/(?<!\\)(?:\\\\)*\\$/.test(text) && at + 1 < lines.length) {
      at += 1;
      text = text.slice(0, -1) + lines[at]!.trimStart();
    }
    const [, key = "", value = ""] = /^((?:\\.|[^\\\s:=])+)\s*[:=]?\s*(.*)$/.exec(text) ?? [];
    if (key !== "") found.set(unescaped(key), { value: unescaped(value).trim(), line: start + 1 });
  }
  return found;
}

// --- internal ---

const MOST_LINES = 20_000;

function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\(.)/g, "$1");
}
