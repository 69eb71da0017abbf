/** Pure: the error of a program that was to be compiled without a header, a library or a tool that it needs. */
import { CommandError } from "../lib/errors.ts";

/** @returns undefined where it is another failure */
export function missingLibrary(error: CommandError): CommandError | undefined {
  const found = error.tail
    .split("\n")
    .slice(-MOST_LINES)
    .flatMap((line) => missingIn(line.slice(0, MOST_CHARACTERS)) ?? [])[0];
  if (found === undefined) return undefined;
  const { argv, exitCode, tail, step } = error;
  const { what, example } = found;
  return new CommandError(
    "build",
    `${error.message}: ${what} is not there`,
    { argv, exitCode, tail },
    {
      step,
      hint: `name the Debian package that has it in build.packages${example === null ? "" : `, such as "${example}"`}`,
      cause: error,
    },
  );
}

// --- internal ---

const MOST_LINES = 400;
const MOST_CHARACTERS = 1000;

interface Missing {
  what: string;
  /** How such a package is usually called. */
  example: string | null;
}

const NAME = String.raw`([\w][\w.+/-]{0,100})`;

/** As compilers, linkers, pkg-config, CMake, Meson and scripts of Autoconf have it. */
const ROWS: readonly [pattern: RegExp, kind: "header" | "library" | "program"][] = [
  [new RegExp(`fatal error: ${NAME}: No such file or directory`), "header"],
  [new RegExp(`cannot find -l${NAME}`), "library"],
  [new RegExp(`^No package '${NAME}' found`), "library"],
  [
    new RegExp(`^Package '?${NAME}'?(?:, required by '[^']{1,100}',)? (?:was )?not found`),
    "library",
  ],
  [new RegExp(`None of the required '${NAME}' found`), "library"],
  [new RegExp(`Could NOT find ${NAME}(?= \\(|,)`), "library"],
  [new RegExp(`package configuration file provided by "${NAME}"`), "library"],
  [new RegExp(`(?:ERROR: Dependency|Dependency) "${NAME}" not found`), "library"],
  [new RegExp(`ERROR: C(?:\\+\\+)? (?:shared or static )?library '${NAME}' not found`), "library"],
  [new RegExp(`ERROR: Program '${NAME}' not found`), "program"],
  [new RegExp(`requires the ${NAME} library`), "library"],
  [
    new RegExp(
      `^configure: error: (?:\\w+ ){0,3}?(?:lib)?${NAME} (?:library |headers? |is )?(?:not found|missing|required)`,
    ),
    "library",
  ],
  // As a CMakeLists.txt may say it itself.
  [new RegExp(`^\\s{0,8}${NAME} not found[:,.]`), "program"],
  [
    new RegExp(`^(?:/bin/)?(?:ba|da)?sh: (?:line )?\\d+: ${NAME}: (?:command )?not found`),
    "program",
  ],
  [new RegExp(`^make(?:\\[\\d+\\])?: ${NAME}: No such file or directory`), "program"],
];

function missingIn(line: string): Missing | null {
  for (const [pattern, kind] of ROWS) {
    const name = pattern.exec(line)?.[1];
    if (name === undefined) continue;
    if (kind === "program") return { what: `the program ${name}`, example: null };
    if (kind === "header") {
      const [first = ""] = name.toLowerCase().split("/");
      return { what: `the header ${name}`, example: packageName(first.replace(/\.h\w*$/, "")) };
    }
    return { what: `the library ${name}`, example: packageName(name.toLowerCase()) };
  }
  return null;
}

/** Debian Policy, 8.1: development files of a library. */
function packageName(name: string): string {
  const plain = name.replace(/[^a-z0-9.+-]/g, "-");
  return `${plain.startsWith("lib") ? "" : "lib"}${plain}-dev`;
}
