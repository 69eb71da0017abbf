/** Scripts of package.json as commands: what they are made of, as far as that can be told. Pure. */

export interface PlainCommand {
  /** `NAME=value`, as written. */
  assignments: string[];
  /** The program and its arguments, as written: with quotes and variables. */
  words: string[];
}

/**
 * The commands of a line that are run one after the other as long as they succeed; null where it
 * has anything else of a shell: pipes, substitutions, several lines.
 */
export function plainCommands(line: string): PlainCommand[] | null {
  const commands: PlainCommand[] = [];
  for (const part of split(line)) {
    if (part === null) return null;
    const firstWord = part.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
    if (firstWord === -1) return null;
    const [assignments, words] = [part.slice(0, firstWord), part.slice(firstWord)];
    if (SHELL_WORDS.has(words[0]!)) return null;
    commands.push({ assignments, words });
  }
  return commands.length === 0 ? null : commands;
}

export function formatCommand({ assignments, words }: PlainCommand): string {
  return [...assignments, ...words].join(" ");
}

/** What a word stands for; undefined where only the shell knows. */
export function wordText(word: string): string | undefined {
  if (/[$*?[\]{}~]/.test(word.replace(/'[^']*'/g, ""))) return undefined;
  return word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, single, double, one) =>
    String(single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? one),
  );
}

// --- internal ---

/** Keywords; and `exec`, `.` and the like, which no program is. `cd` is looked at by those who ask. */
const SHELL_WORDS = new Set([
  ...[
    "if",
    "for",
    "while",
    "until",
    "case",
    "select",
    "function",
    "time",
    "!",
    "{",
    "[[",
    "[",
    "test",
  ],
  ...[".", "source", "exec", "eval", "export", "set", "unset", "trap", "ulimit", "umask", "wait"],
  ...["exit", "return", "true", "false", "read", "alias", "declare", "local"],
]);

const WORD =
  /(?:[\w@%+=:,./~^*?[\]{}!#-]|\\[^\n]|'[^']*'|"(?:[^"\\$`]|\\.|\$\w+|\$\{\w+(?::?[-+=?][\w@%+=:,./-]*)?\})*"|\$\w+|\$\{\w+(?::?[-+=?][\w@%+=:,./-]*)?\})+/y;

/** Words of each command; null stands for what is not understood. */
function* split(line: string): Generator<string[] | null> {
  let words: string[] = [];
  for (let at = 0; at < line.length; ) {
    const space = /[ \t]+/y;
    space.lastIndex = at;
    const gap = space.exec(line)?.[0];
    if (gap !== undefined) {
      at += gap.length;
      continue;
    }
    if (line.startsWith("&&", at)) {
      yield words.length === 0 ? null : words;
      words = [];
      at += 2;
      continue;
    }
    WORD.lastIndex = at;
    const word = WORD.exec(line)?.[0];
    if (word === undefined || word.startsWith("#")) return yield null;
    words.push(word);
    at += word.length;
  }
  yield words.length === 0 ? null : words;
}
