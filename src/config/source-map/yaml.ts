/** Positions in YAML. */
import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { type Path, SourceMap } from "../source-map.ts";

/** A key that is no string, or stands twice; the offset is the key's. */
export interface KeyProblem {
  offset: number;
  message: string;
}

/** For text that has been read as YAML already; what this parser dislikes is left out. */
export function mapYaml(text: string): { map: SourceMap; problems: KeyProblem[] } {
  const map = new SourceMap(text);
  const problems: KeyProblem[] = [];
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const visit = (node: unknown, path: Path): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const offset = offsetOf(key);
        if (!isScalar(key) || typeof key.value !== "string") {
          problems.push({ offset, message: `key ${String(key)} is not text: put it in quotes` });
          if (!isScalar(key)) continue;
        }
        const inner = [...path, String(key.value)];
        if (map.has(inner)) problems.push({ offset, message: `key "${key.value}" stands twice` });
        map.add(inner, { key: offset, value: offsetOf(value) || offset, raw: rawOf(text, value) });
        visit(value, inner);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        const offset = offsetOf(item);
        map.add([...path, index], { key: offset, value: offset, raw: rawOf(text, item) });
        visit(item, [...path, index]);
      });
    }
  };
  visit(document.contents, []);
  return { map, problems };
}

// --- internal ---

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

function rawOf(text: string, node: unknown): string | null {
  return isScalar(node) && node.range ? text.slice(node.range[0], node.range[1]) : null;
}
