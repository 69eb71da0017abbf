/** Positions (line, column) of keys and values in a configuration. */
import type { Position } from "../lib/errors.ts";

export type Path = readonly (string | number)[];

/** A key or item of the file. */
export interface SourceEntry {
  /** Offset of its key in the text; of the value, for an item of a list. */
  key: number;
  /** Offset of its value. */
  value: number;
  /** The value's text as written, for a plain scalar. */
  raw: string | null;
}

export class SourceMap {
  readonly #known = new Map<string, SourceEntry>();
  readonly text: string;
  #fill: ((map: SourceMap) => void) | undefined;

  /** @param fill adds the entries, when the first of them is asked for */
  constructor(text: string, fill?: (map: SourceMap) => void) {
    this.text = text;
    this.#fill = fill;
  }

  get #entries(): Map<string, SourceEntry> {
    const fill = this.#fill;
    this.#fill = undefined;
    fill?.(this);
    return this.#known;
  }

  add(path: Path, entry: SourceEntry): void {
    const id = JSON.stringify(path);
    // Of a table that is opened several times, the first place is the one to show.
    if (!this.#known.has(id)) this.#known.set(id, entry);
  }

  /** The value's text as written; undefined where it is none or no scalar. */
  raw(path: Path): string | undefined {
    return this.#entries.get(JSON.stringify(path))?.raw ?? undefined;
  }

  /** The place of a key, or of the nearest key above it that is there. */
  locate(path: Path, part: "key" | "value" = "key"): Position {
    for (let length = path.length; length > 0; length -= 1) {
      const entry = this.#entries.get(JSON.stringify(path.slice(0, length)));
      if (entry) return positionAt(this.text, length === path.length ? entry[part] : entry.key);
    }
    return { line: 1, column: 1 };
  }

  find(path: Path): SourceEntry | undefined {
    return this.#entries.get(JSON.stringify(path));
  }

  has(path: Path): boolean {
    return this.#entries.has(JSON.stringify(path));
  }
}

/** @param offset of a character in the text */
export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text);
  let [low, high] = [0, starts.length];
  // The last line that begins at or before it.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

// --- internal ---

/** Of the text that was asked for last: a faulty one is asked for each of its faults. */
let known: { text: string; starts: number[] } | undefined;

function lineStarts(text: string): number[] {
  if (known?.text === text) return known.starts;
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  known = { text, starts };
  return starts;
}
