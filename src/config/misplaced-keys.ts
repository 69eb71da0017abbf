/** Keys that users often put into the wrong table. */
import type { Path } from "./source-map.ts";

export interface MovedKey {
  from: Path;
  to: Path;
}

type Table = Record<string, unknown>;

/** metadata.KEY that belongs in build. */
export const MISPLACED_METADATA = [
  "license",
  "src-url",
  "src-checksum",
  "git-url",
  "git-branch",
] as const;

/**
 * Moves them to where they belong, unless something stands there already.
 * @returns the configuration with the keys moved, and what was moved
 */
export function moveMisplacedKeys(config: Table): { config: Table; moved: MovedKey[] } {
  const result = structuredClone(config);
  const moved: MovedKey[] = [];
  const move = (from: Table, key: string, to: () => Table, paths: MovedKey) => {
    if (!Object.hasOwn(from, key)) return;
    const value = from[key];
    delete from[key];
    moved.push(paths);
    const target = to();
    const name = String(paths.to.at(-1));
    if (target[name] === undefined) target[name] = value;
  };
  const { metadata } = result;
  if (isTable(metadata)) {
    for (const key of MISPLACED_METADATA) {
      const paths = { from: ["metadata", key], to: ["build", key] };
      move(metadata, key, () => tableIn(result, "build"), paths);
    }
  }
  const providers = Array.isArray(result.provider) ? result.provider : [];
  providers.forEach((provider: unknown, index: number) => {
    if (!isTable(provider)) return;
    const at = ["provider", index] as const;
    move(provider, "base-image", () => tableIn(provider, "build"), {
      from: [...at, "base-image"],
      to: [...at, "build", "base-image"],
    });
    move(provider, "version", () => provider, {
      from: [...at, "version"],
      to: [...at, "module-version"],
    });
  });
  return { config: result, moved };
}

// --- internal ---

function isTable(value: unknown): value is Table {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function tableIn(parent: Table, key: string): Table {
  if (!isTable(parent[key])) parent[key] = {};
  return parent[key] as Table;
}
