/** Pure: where an app listens, as far as its sources and what starts it say. */
import { portIn } from "../listening-port.ts";

export interface Listening {
  /** Where PORT says nothing; null where nothing is known. */
  port: number | null;
  /** The file that has it listen where nobody from outside of its container reaches it; else null. */
  loopback: string | null;
}

/** Deno's own, of `Deno.serve` and `deno serve`. */
export const USUAL_PORT = 8000;

/** Where it reads PORT: what it takes without; else where it says that it listens. */
export function listeningOf(files: ReadonlyMap<string, string>): Listening {
  let isRead = false;
  let listens: number | null = null;
  let loopback: string | null = null;
  for (const [file, text] of files) {
    const read = READS.exec(text);
    const port = read === null ? null : defaultAfter(text.slice(read.index, read.index + 160));
    if (port !== null) return { port, loopback: null };
    isRead ||= read !== null;
    listens ??= portIn(LISTENS.map((pattern) => pattern.exec(text)?.[1]).find(Boolean));
    if (LOOPBACK.test(text)) loopback ??= file;
  }
  const serves = [...files.values()].some((text) => SERVES.test(text));
  const port = listens ?? (isRead || serves ? USUAL_PORT : null);
  return { port, loopback };
}

/** Of `--port=3000`, `--port $PORT`, `--port=${PORT:-3000}`; null where a line says nothing of it. */
export function portOfFlags(flags: readonly string[]): number | null {
  const line = flags.join(" ");
  const value = /--port[= ]["']?(\S{1,60})/.exec(line)?.[1];
  if (value === undefined) return null;
  return portIn(/^(\d{2,5})\b/.exec(value)?.[1] ?? /:-(\d{2,5})\}/.exec(value)?.[1]) ?? USUAL_PORT;
}

// --- internal ---

/** `Deno.env.get("PORT")`, `process.env.PORT`, `env["PORT"]` */
const READS = /(?:\benv\.get\(|\bgetEnv\w{0,20}\(|\benv\[)\s{0,9}["'`]PORT["'`]|\benv\.PORT\b/;

const DEFAULTS = [
  /(?:\?\?|\|\|)\s{0,9}(?:Number\(|parseInt\()?["'`]?(\d{2,5})\b/,
  /["'`]PORT["'`]\s{0,9},\s{0,9}["'`]?(\d{2,5})\b/,
  /\?[^\n:]{1,80}:\s{0,9}["'`]?(\d{2,5})\b/,
];

function defaultAfter(text: string): number | null {
  return portIn(DEFAULTS.map((pattern) => pattern.exec(text)?.[1]).find(Boolean));
}

const LISTENS = [
  /\bport:\s{0,9}(\d{2,5})\b/,
  /\.listen\(\s{0,9}(\d{2,5})\b/,
  /\bport\s{0,9}=\s{0,9}(\d{2,5})\b/i,
];

/** `Deno.serve(…)`, that of the standard library before it, Fresh's. */
const SERVES = /\bDeno\.serve\(|\bserve\(|\.listen\(\s*\)|\$fresh\/server|\bawait start\(/;

const LOOPBACK = /\bhost(?:name)?:\s{0,9}["'`](?:127\.0\.0\.1|localhost)["'`]/;
