/** Programs: with what they need, words that stand for files, and the faster copy of pip. */
import { matchesGlob } from "node:path";
import { type Command, run, warn } from "../../protocol/command.ts";
import { PYTHON, VENV } from "../../protocol/layout.ts";
import type { PlannedRun } from "../../protocol/planned-action.ts";
import type { Facts } from "../facts.ts";
import type { Tree } from "../tree.ts";

export function runCommands(planned: PlannedRun, facts: Facts): Command[] {
  const { argv, env, from, user, cwd, timeout } = planned;
  const { words, unmatched } = planned.glob
    ? expandWords(argv, cwd, facts.tree)
    : { words: [...argv], unmatched: [] };
  const warnings = unmatched.map((word) =>
    warn(`nothing in the app matches "${word}" of ${from?.what ?? words[0]}`),
  );
  const isEmpty = planned.glob === "alone" && unmatched.length === argv.filter(isPattern).length;
  if (isEmpty) return warnings;
  const used = isInstalledByName(planned) ? words.map(facts.withCredentials) : words;
  const options = { user, cwd, timeout, ...(from === undefined ? {} : { from: from.what }) };
  const environment = Object.entries(env).map(([name, value]) => [name, value ?? undefined]);
  return [
    ...warnings,
    run(withPipProgram(used, facts), { ...options, env: Object.fromEntries(environment) }),
  ];
}

// --- internal ---

/** Only a star: "uvicorn[standard]" is no pattern. */
function isPattern(word: string): boolean {
  return word.includes("*") && !/[<>=!~]/.test(word);
}

/** How many folders below one another `**` goes. */
const DEEPEST = 8;

function expandWords(
  argv: readonly string[],
  cwd: string,
  tree: Tree,
): { words: string[]; unmatched: string[] } {
  const unmatched: string[] = [];
  const words = argv.flatMap((word) => {
    if (!isPattern(word)) return [word];
    const found = expand(word, cwd, tree);
    if (found.length === 0) unmatched.push(word);
    return found;
  });
  return { words, unmatched };
}

function expand(word: string, cwd: string, tree: Tree): string[] {
  const isAbsolute = word.startsWith("/") && !word.startsWith(`${cwd}/`);
  const root = isAbsolute ? word.slice(0, word.lastIndexOf("/", word.indexOf("*"))) : cwd;
  const pattern = word.replace(/^(\.\/)+/, "").replace(`${root}/`, "");
  const depth = pattern.includes("**") ? DEEPEST : pattern.split("/").length;
  return filesBelow(root, "", depth, tree)
    .filter((path) => matchesGlob(path, pattern))
    .map((path) => (isAbsolute ? `${root}/${path}` : `./${path}`));
}

function filesBelow(root: string, prefix: string, levels: number, tree: Tree): string[] {
  if (levels === 0) return [];
  return tree
    .list(`${root}/${prefix}`.replace(/\/$/, ""))
    .flatMap((name) =>
      name.endsWith("/")
        ? filesBelow(root, `${prefix}${name}`, levels - 1, tree)
        : [`${prefix}${name}`],
    );
}

/** What a nua-config has pip install may name addresses with passwords, which no plan holds. */
function isInstalledByName({ from }: PlannedRun): boolean {
  return from?.what.startsWith("build.pip-install") === true;
}

/** It names the version. */
const VERSION_FILE = "__init__.py";

/**
 * The agent's own copy of pip starts in half the time: it takes the place of that of /nua/venv, as
 * long as it is the same.
 */
function withPipProgram(argv: readonly string[], { tree, programs }: Facts): string[] {
  const at = argv.findIndex((word, index) => word === "-m" && argv[index + 1] === "pip");
  const copy = `${programs}/python/pip`;
  const version = at < 0 || argv[0] !== PYTHON ? undefined : tree.read(`${copy}/${VERSION_FILE}`);
  const isSame =
    version !== undefined &&
    tree
      .list(`${VENV}/lib`)
      .some(
        (python) => tree.read(`${VENV}/lib/${python}site-packages/pip/${VERSION_FILE}`) === version,
      );
  return isSame ? [...argv.slice(0, at), copy, ...argv.slice(at + 2)] : [...argv];
}
