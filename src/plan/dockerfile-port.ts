/** Pure: the port that an app's own Dockerfile exposes: nothing is built from that, but it is known there. */
import { declare, expand, instructions } from "../lib/dockerfile-text.ts";
import type { Origin } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";

export interface ExposedPort {
  port: number;
  from: Origin;
}

/** Of its last stage, where that is one; a variable counts with the value that it has there. */
export function portOfDockerfile(tree: SourceTree): ExposedPort | null {
  const text = (tree.text(FILE) ?? "").slice(0, MOST_CHARACTERS);
  const [first, ...others] = exposedWords(text);
  const port = portOf(first?.word);
  if (first === undefined || port === null) return null;
  if (others.some(({ word }) => portOf(word) !== port)) return null;
  return { port, from: { what: FILE, line: first.line } };
}

// --- internal ---

const FILE = "Dockerfile";

/** No Dockerfile that people write is longer. */
const MOST_CHARACTERS = 256 * 1024;

function portOf(word = ""): number | null {
  const port = Number(/^(\d+)(?:\/tcp)?$/i.exec(word)?.[1]);
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : null;
}

interface ExposedWord {
  /** With its variables filled in. */
  word: string;
  line: number;
}

function exposedWords(text: string): ExposedWord[] {
  const values: Record<string, string> = {};
  let found: ExposedWord[] = [];
  try {
    for (const { keyword, rest, line } of instructions(text)) {
      if (keyword === "FROM") found = [];
      // The old form of ENV has no "=".
      else if (keyword === "ENV" || keyword === "ARG")
        declare(rest.replace(/^(\w+)\s+(?=\S+$)/, "$1="), values, {});
      else if (keyword === "EXPOSE")
        for (const word of rest.split(/\s+/)) found.push({ word: expand(word, values), line });
    }
  } catch {
    // Values that become too long a text: nothing is built from it.
    return [];
  }
  return found;
}
