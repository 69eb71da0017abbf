/**
 * After a failure, requests the rest of what a package manager would have read, so that all missing
 * inputs are named at once. After one has failed for want of an input, these ask for its parts, so
 * that one run names all that is missing. Pure.
 */
import { resolve } from "node:path";
import type { RunCommand } from "../../protocol/command.ts";
import { PYTHON } from "../../protocol/layout.ts";
import type { Tree } from "../tree.ts";

/** Whatever comes of them: nothing of it is kept. Empty for a program that nothing is known of. */
export function commandsForRest(command: RunCommand, tree: Tree): RunCommand[] {
  const [program = ""] = command.argv;
  // What has come is in its cache, and more of the rest is asked for each time.
  if (["npm", "yarn", "npx"].includes(program)) return [command];
  const at = command.argv.indexOf("install");
  if (program !== PYTHON || at < 0) return [];
  const { options, requirements } = splitWords(command, command.argv.slice(at + 1), tree);
  const head = [...command.argv.slice(0, at + 1), "--dry-run", ...options];
  return requirements.map((requirement) => ({
    ...command,
    argv: [...head, requirement],
    timeout: REQUIREMENT_TIMEOUT,
  }));
}

// --- internal ---

/** Seconds for one requirement. */
const REQUIREMENT_TIMEOUT = 120;

interface Words {
  options: string[];
  requirements: string[];
}

/** What is to be installed, one by one, and pip's options for all of it. */
function splitWords({ cwd }: RunCommand, words: readonly string[], tree: Tree): Words {
  const options: string[] = [];
  const requirements: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === "-r" || word === "--requirement") {
      requirements.push(...readRequirements(tree.read(resolve(cwd, left.shift() ?? "")) ?? ""));
    } else if (WITH_VALUE.includes(word)) options.push(word, left.shift() ?? "");
    else if (word.startsWith("-")) options.push(word);
    else requirements.push(word);
  }
  return { options, requirements };
}

const WITH_VALUE = ["-c", "--constraint", "--cache-dir", "-i", "--index-url", "-f", "--find-links"];

/** Source: pip, "Requirements File Format". Files that it names in turn are left out. */
function readRequirements(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, "")
        .replace(/\s--?[a-z].*$/, "")
        .trim(),
    )
    .filter((line) => line !== "" && !line.startsWith("-"));
}
