/** Pure: what runs a script that is a release's program. */

export interface Interpreter {
  /** Debian packages that bring it. */
  packages: string[];
  warnings: string[];
}

/** @param words of its first line */
export function interpreterOf(path: string, words: readonly string[]): Interpreter {
  const [program = "", ...others] = words.map(baseOf);
  const name = program === "env" ? (others.find((word) => !/^-|=/.test(word)) ?? "") : program;
  if (PRESENT.test(name)) return { packages: [], warnings: [] };
  const packaged = PACKAGED.get(name);
  if (packaged !== undefined) return { packages: [packaged], warnings: [] };
  const shown = name.replace(/[^\w.+-]/g, "?").slice(0, 60);
  const told = `${path}:1: "${shown}" runs it, which is not known here: build.builder or run.packages has to bring it`;
  return { packages: [], warnings: [told] };
}

// --- internal ---

const PRESENT = /^(?:ba|da)?sh$|^python3?$/;

const PACKAGED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ awk: "mawk", fish: "fish", gawk: "gawk", guile: "guile-3.0", ksh: "ksh", mksh: "mksh" },
    ...{ lua: "lua5.4", "lua5.4": "lua5.4", luajit: "luajit", make: "make", perl: "perl" },
    ...{ php: "php-cli", tclsh: "tcl", tcsh: "tcsh", zsh: "zsh" },
  }),
);

const baseOf = (word: string) => word.slice(word.lastIndexOf("/") + 1).replace(/\r$/, "");
