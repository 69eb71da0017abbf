/** Pure: what a program of Go's is started with, and where it listens. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { argumentsOfDockerfile } from "../dockerfile-command.ts";
import type { StartCommand } from "../language.ts";
import { pathOf } from "./build.ts";
import { binFolder, type ChosenCommands, type GoCommand, listCommands } from "./commands.ts";
import { listeningOf } from "./port.ts";
import { type GoProject, requiredModules } from "./project.ts";

export interface GoStart {
  start: StartCommand;
  env: Readonly<Record<string, string>>;
  warnings: string[];
}

/** With the words that the app's own Dockerfile starts it with: servers are often one command of many. */
export function startOf(
  tree: SourceTree,
  project: GoProject,
  { main, from }: { main: GoCommand } & Pick<ChosenCommands, "from">,
): GoStart {
  const {
    args,
    warnings,
    from: told,
  } = argumentsOfDockerfile(tree, [
    main.name,
    ...project.modules.flatMap(({ mod }) => mod.module.split("/")),
  ]);
  const { port, loopback } = listeningOf(tree, project, main);
  const words = [`${binFolder(tree, project)}/${main.name}`, ...args];
  const line = words.map(shellQuote).join(" ");
  return {
    start: { line, from: told ?? from, ...(port === null ? {} : { port }) },
    env: requiredModules(project).has("github.com/gin-gonic/gin") ? { GIN_MODE: "release" } : {},
    warnings: [
      ...warnings,
      ...(loopback === null || args.length > 0 ? [] : [`${loopback} ${LOOPBACK}`]),
    ],
  };
}

/** `go run ./FOLDER`, `bin/NAME` and a program's bare name start what was built. */
export function plainCommand(tree: SourceTree, project: GoProject, line: string): string | null {
  const commands = listCommands(tree, project);
  const run = /^go[ ]+run[ ]+(\S+)((?:[ ]+[\w@%+=:,./-]+)*)$/.exec(line.trim());
  const bare = /^(?:(?:\.\/)?bin\/)?([\w-][\w.-]*)((?:[ ]+\S+)*)$/.exec(line.trim());
  const found =
    run === null
      ? commands.find(({ name }) => name === bare?.[1])
      : commands.find((one) => samePath(pathOf(one), run[1]!));
  return found === undefined
    ? null
    : `${binFolder(tree, project)}/${found.name}${(run ?? bare)![2]}`;
}

// --- internal ---

const LOOPBACK =
  "has the app listen on 127.0.0.1, where nobody reaches it from outside of its container: say otherwise in run.start or [env]";

/** `./cmd/x`, `cmd/x/`, and `main.go` of the top. */
function samePath(path: string, given: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/(?:^|\/)[\w.*-]+\.go$/, "")
      .replace(/^\.?\//, "")
      .replace(/\/+$/, "")
      .replace(/^\.$/, "");
  return plain(path) === plain(given);
}
