/** Pure: what a program of C or C++ is started with. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { argumentsOfDockerfile } from "../dockerfile-command.ts";
import type { LanguageDecision, StartCommand } from "../language.ts";
import type { Program } from "./app/project.ts";
import { foregroundOption } from "./foreground.ts";
import { portOf } from "./port.ts";
import type { ChosenProgram } from "./programs.ts";

export interface CppStart {
  start: StartCommand;
  warnings: string[];
  decisions: LanguageDecision[];
}

/**
 * With the words of the app's own Dockerfile; else a daemon is told to stay in the foreground.
 * @param bin the folder of programs, below the app's source
 */
export function startOf(
  tree: SourceTree,
  { main, from, bin }: { main: Program; bin: string } & Pick<ChosenProgram, "from">,
): CppStart {
  const { args, warnings, from: told } = argumentsOfDockerfile(tree, [main.name]);
  const stays = told === undefined ? foregroundOption(tree, main) : null;
  const words = [`${bin}/${main.name}`, ...args, ...(stays === null ? [] : [stays.option])];
  const { port, onlyLocal } = portOf(tree, main);
  const local =
    onlyLocal === null
      ? []
      : [
          `${onlyLocal} has ${main.name} listen to its own container alone: bind 0.0.0.0 in place of 127.0.0.1`,
        ];
  return {
    start: {
      ...{ line: words.map(shellQuote).join(" "), from: told ?? from },
      ...(port === null ? {} : { port }),
    },
    warnings: [...warnings, ...local],
    decisions:
      stays === null ? [] : [{ what: `in the foreground by ${stays.option}`, from: stays.from }],
  };
}

/** A program's bare name, and one in a folder that it is built in, start what was built. */
export function plainCommand(
  line: string,
  programs: readonly Program[],
  bin: string,
): string | null {
  const [, program, words = ""] =
    /^(?:\.\/)?(?:(?:build|out|src|bin|sbin|local\/s?bin)\/)?([\w-][\w.+-]*)((?:[ ]+\S+)*)$/.exec(
      line.trim(),
    ) ?? [];
  const found = programs.find(({ name }) => name === program);
  return found === undefined ? null : `${bin}/${found.name}${words}`;
}
