/**
 * After a failure of pip, asks for each of its requirements, so that all missing inputs are named
 * at once. Pure.
 */
import { resolve } from "node:path";
import type { RunCommand } from "../protocol/command.ts";
import { PYTHON } from "../protocol/layout.ts";
import type { ImageFiles } from "./clients.ts";

/** @returns undefined for a command that is not an installation by pip */
export function askForRequirements(
  command: RunCommand,
  read: ImageFiles["read"],
): RunCommand[] | undefined {
  const at = command.argv.indexOf("install");
  if (command.argv[0] !== PYTHON || at < 0) return undefined;
  const { options, requirements } = splitWords(command, command.argv.slice(at + 1), read);
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
function splitWords(
  { cwd }: RunCommand,
  words: readonly string[],
  read: ImageFiles["read"],
): Words {
  const options: string[] = [];
  const requirements: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === "-r" || word === "--requirement") {
      requirements.push(...readRequirements(read(resolve(cwd, left.shift() ?? "")) ?? ""));
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
