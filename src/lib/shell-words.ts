/** Quotes commands for a shell. */

/** The words of a program; a line for bash as it is. */
export function formatWords(argv: readonly string[]): string {
  const [program, flag, line] = argv;
  if (program === "bash" && flag === "-c" && line !== undefined && argv.length === 3) return line;
  return argv.map(shellQuote).join(" ");
}

/** One word for a POSIX shell. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
