/** Positions in TOML. */
import type { AST } from "toml-eslint-parser";
import { lazily } from "../../lib/lazily.ts";
import { type Path, SourceMap } from "../source-map.ts";

/** Of a text that is TOML; it is read when the first place is asked for. */
export function mapToml(text: string): SourceMap {
  return new SourceMap(text, (map) => {
    for (const node of parser.parseTOML(text).body[0].body) {
      if (node.type === "TOMLTable") {
        addKeys(map, [], node.key);
        map.add(node.resolvedKey, { key: node.key.range[0], value: node.key.range[0], raw: null });
        for (const pair of node.body) addPair(map, node.resolvedKey, pair);
      } else addPair(map, [], node);
    }
  });
}

// --- internal ---

/** Most texts have nothing wrong: their places are never asked for. */
const parser = lazily<typeof import("toml-eslint-parser")>(() => require("toml-eslint-parser"));

function keyNames(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
}

/** `a.b.c` opens a and a.b on its way. */
function addKeys(map: SourceMap, base: Path, key: AST.TOMLKey): void {
  keyNames(key).forEach((_, index, names) => {
    const offset = key.keys[index]!.range[0];
    map.add([...base, ...names.slice(0, index + 1)], { key: offset, value: offset, raw: null });
  });
}

function addPair(map: SourceMap, base: Path, pair: AST.TOMLKeyValue): void {
  const names = keyNames(pair.key);
  const path = [...base, ...names];
  const last = pair.key.keys.at(-1)!;
  map.add(path, { key: last.range[0], value: pair.value.range[0], raw: rawOf(map, pair.value) });
  addKeys(map, base, pair.key);
  addValue(map, path, pair.value);
}

function addValue(map: SourceMap, path: Path, node: AST.TOMLContentNode): void {
  if (node.type === "TOMLArray") {
    node.elements.forEach((item, index) => {
      const offset = item.range[0];
      map.add([...path, index], { key: offset, value: offset, raw: rawOf(map, item) });
      addValue(map, [...path, index], item);
    });
  } else if (node.type === "TOMLInlineTable") {
    for (const pair of node.body) addPair(map, path, pair);
  }
}

function rawOf(map: SourceMap, node: AST.TOMLContentNode): string | null {
  return node.type === "TOMLValue" ? map.text.slice(...node.range) : null;
}
