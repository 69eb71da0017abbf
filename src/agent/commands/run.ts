/** Commands that run programs. */
import { matchesGlob } from "node:path";
import { withPipCopy } from "../../languages/python/agent/pip-copy.ts";
import { type Command, run, warn } from "../../protocol/command.ts";
import type { PlannedRun } from "../../protocol/planned-action.ts";
import { isFilePattern } from "../../protocol/words.ts";
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
  const isEmpty =
    planned.glob === "alone" && unmatched.length === argv.filter(isFilePattern).length;
  if (isEmpty) return warnings;
  const used = planned.restoresPasswords ? words.map(facts.withCredentials) : words;
  const options = { user, cwd, timeout, ...(from === undefined ? {} : { from: from.what }) };
  const environment = Object.entries(env).map(([name, value]) => [name, value ?? undefined]);
  return [
    ...warnings,
    run(withPipCopy(used, facts.programs, facts.tree), {
      ...options,
      env: Object.fromEntries(environment),
    }),
  ];
}

// --- internal ---

/** How many folders below one another `**` goes. */
const DEEPEST = 8;

function expandWords(
  argv: readonly string[],
  cwd: string,
  tree: Tree,
): { words: string[]; unmatched: string[] } {
  const unmatched: string[] = [];
  const words = argv.flatMap((word) => {
    if (!isFilePattern(word)) return [word];
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
