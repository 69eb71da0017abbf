/** Pure: where a program listens, as its sources are usually written; each language has words for it. */

export interface FoundPort {
  /** Null where nothing says so. */
  port: number | null;
  /** The file that has it listen to its own container alone. */
  onlyLocal: string | null;
}

/** How a language writes it; none of the patterns may look back without a bound. */
export interface PortWords {
  /** That the program reads the variable PORT. */
  reads: RegExp;
  /** Numbers that may be what it takes without that variable; global, the first group that is there. */
  numbers: RegExp;
  /** That it listens: with groups `host`, which may be empty, and `port`. */
  listens: readonly RegExp[];
  /** A host that only its own container reaches. */
  local: RegExp;
}

export interface Listening {
  port: number;
  isLocal: boolean;
  /** The file that says so. */
  path: string;
}

export interface SourceText {
  path: string;
  text: string;
}

/**
 * Where it reads PORT: what it takes without; else where it says that it listens.
 * @param files those first that say more than others
 * @param listening what says that it listens, where that is not all of them
 */
export function findPort(
  files: readonly SourceText[],
  words: PortWords,
  listening: () => Listening | undefined = () => findListening(files, words),
): FoundPort {
  let isRead = false;
  for (const { text } of files) {
    const read = words.reads.exec(text);
    if (read === null) continue;
    isRead = true;
    const port = defaultAt(text, read.index, words);
    if (port !== null) return { port, onlyLocal: null };
  }
  const found = listening();
  if (isRead) return { port: found?.port ?? USUAL, onlyLocal: null };
  return { port: found?.port ?? null, onlyLocal: found?.isLocal ? found.path : null };
}

/** The first of the patterns counts that is found in any of the files. */
export function findListening(
  files: readonly SourceText[],
  { listens, local }: PortWords,
): Listening | undefined {
  for (const pattern of listens) {
    for (const { path, text } of files) {
      const { host = "", port } = pattern.exec(text)?.groups ?? {};
      if (isPort(Number(port))) return { port: Number(port), isLocal: local.test(host), path };
    }
  }
  return undefined;
}

/** Whether a number in a source may be one: smaller ones are mostly something else. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 80 && port < 65536;
}

/** The port that some digits are; null for what is none. */
export function portIn(digits: string | undefined): number | null {
  const port = Number(digits);
  return isPort(port) ? port : null;
}

// --- internal ---

/** What is taken where a program reads PORT and has nothing without. */
const USUAL = 8080;

/** A number soon after. */
function defaultAt(text: string, index: number, { numbers }: PortWords): number | null {
  for (const [, ...groups] of text.slice(index, index + 260).matchAll(numbers)) {
    const port = portIn(groups.find((one) => one !== undefined));
    if (port !== null) return port;
  }
  return null;
}
