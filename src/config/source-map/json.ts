/** Positions in JSON. */
import { type Node, type ParseError, parseTree } from "jsonc-parser";
import { jsonErrorWords } from "../../lib/json-problem.ts";
import { type Path, SourceMap } from "../source-map.ts";
import type { KeyProblem } from "./yaml.ts";

export interface JsonMap {
  map: SourceMap;
  /** Where the text is not JSON; empty for text that is. */
  syntaxErrors: { offset: number; message: string }[];
  problems: KeyProblem[];
}

export function mapJson(text: string): JsonMap {
  const map = new SourceMap(text);
  const errors: ParseError[] = [];
  const problems: KeyProblem[] = [];
  const visit = (node: Node | undefined, path: Path): void => {
    if (node?.type === "array") {
      node.children?.forEach((item, index) => {
        map.add([...path, index], { key: item.offset, value: item.offset, raw: rawOf(text, item) });
        visit(item, [...path, index]);
      });
    }
    if (node?.type !== "object") return;
    for (const { children: [key, value] = [] } of node.children ?? []) {
      if (!key || !value) continue;
      const inner = [...path, String(key.value)];
      if (map.has(inner)) {
        problems.push({ offset: key.offset, message: `key "${key.value}" stands twice` });
      }
      map.add(inner, { key: key.offset, value: value.offset, raw: rawOf(text, value) });
      visit(value, inner);
    }
  };
  visit(parseTree(text, errors, { disallowComments: true, allowTrailingComma: false }), []);
  const syntaxErrors = errors.map(({ error, offset }) => ({
    offset,
    message: jsonErrorWords(error),
  }));
  return { map, syntaxErrors, problems };
}

// --- internal ---

function rawOf(text: string, node: Node): string | null {
  return node.type === "number" ? text.slice(node.offset, node.offset + node.length) : null;
}
