/** Normalizes spellings of keys: `SRC_URL` becomes `src-url`. */
import type { Path } from "./source-map.ts";

/** Below these keys, names are the user's own. */
const FREE_TABLES: ReadonlySet<string> = new Set(["env", "docker", "options"]);

export interface SpelledConfig {
  value: Record<string, unknown>;
  /** The path in the file for a path in `value`. */
  originalPath(path: Path): Path;
}

/** Where both spellings of a key stand side by side, the one with hyphens wins. */
export function normalizeSpelling(config: Record<string, unknown>): SpelledConfig {
  const originals = new Map<string, string>();
  const visit = (value: unknown, path: Path, original: Path): unknown => {
    if (Array.isArray(value)) {
      return value.map((item, index) => visit(item, [...path, index], [...original, index]));
    }
    if (value === null || typeof value !== "object") return value;
    const result: Record<string, unknown> = {};
    const isFree = FREE_TABLES.has(String(path.at(-1)));
    for (const [key, inner] of Object.entries(value)) {
      const name = isFree ? key : key.toLowerCase().replaceAll("_", "-");
      if (name === "__proto__" || (Object.hasOwn(result, name) && key !== name)) continue;
      originals.set(JSON.stringify([...path, name]), key);
      result[name] = isFree ? inner : visit(inner, [...path, name], [...original, key]);
    }
    return result;
  };
  const value = visit(config, [], []) as Record<string, unknown>;
  return {
    value,
    originalPath: (path) =>
      path.map((part, index) => originals.get(JSON.stringify(path.slice(0, index + 1))) ?? part),
  };
}
