/** Pure: the port that an app's own Dockerfile exposes: nothing is built from that, but it is known there. */
import type { Origin } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";

export interface ExposedPort {
  port: number;
  from: Origin;
}

/** Of its last stage, where that is one; a variable counts with the value that it has there. */
export function exposedPort(tree: SourceTree): ExposedPort | null {
  const lines = (tree.text(FILE) ?? "").slice(0, MOST_CHARACTERS).split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^\s*FROM\s/i.test(line));
  const found = lines.flatMap((line, index) => {
    const words = /^\s*EXPOSE\s+(.*)$/i.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
    return index < last
      ? []
      : words.map((word) => ({ port: portOf(word, lines), line: index + 1 }));
  });
  const [first] = found;
  if (first?.port === undefined || found.some(({ port }) => port !== first.port)) return null;
  return { port: first.port, from: { what: FILE, line: first.line } };
}

// --- internal ---

const FILE = "Dockerfile";

/** No Dockerfile that people write is longer. */
const MOST_CHARACTERS = 256 * 1024;

function portOf(word: string, lines: readonly string[]): number | undefined {
  const [, text = "", name] = /^(?:(\d+)|\$\{?(\w+)\}?)(?:\/tcp)?$/i.exec(word) ?? [];
  const port = Number(name === undefined ? text : assigned(name, lines));
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
}

/** `ENV NAME=80`, `ENV NAME 80` or `ARG NAME=80`, alone or with others on their line. */
function assigned(name: string, lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const words = line.trim().split(/\s+/);
    const [instruction = "", first, second] = words;
    const isOld = /^(ENV|ARG)$/i.test(instruction) && first === name;
    const value = isOld
      ? second
      : words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    if (value !== undefined) return value.replace(/^["']|["']$/g, "");
  }
  return undefined;
}
