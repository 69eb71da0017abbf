/** Pure: what a program of Go's is started with, and where it listens. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { commandOfDockerfile } from "../dockerfile-command.ts";
import type { StartCommand } from "../language.ts";
import { BIN, pathOf } from "./build.ts";
import type { ChosenCommands, GoCommand } from "./commands.ts";
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
  const { args, warnings, told } = argumentsOf(tree, project, main);
  const { port, loopback } = listeningOf(tree, project, main);
  const words = [`${BIN}/${main.name}`, ...args];
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

/** `go run ./FOLDER` and a program's bare name start what was built. */
export function plainCommand(line: string, commands: readonly GoCommand[]): string | null {
  const run = /^go[ ]+run[ ]+(\S+)((?:[ ]+[\w@%+=:,./-]+)*)$/.exec(line.trim());
  const bare = /^([\w-][\w.-]*)((?:[ ]+\S+)*)$/.exec(line.trim());
  const found =
    run === null
      ? commands.find(({ name }) => name === bare?.[1])
      : commands.find((one) => samePath(pathOf(one), run[1]!));
  return found === undefined ? null : `${BIN}/${found.name}${(run ?? bare)![2]}`;
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

/** Scripts and servers that start something else. */
const NO_PROGRAM =
  /\.(?:sh|py|js)$|^(?:sh|bash|ash|node|nginx|caddy|python3?|su-exec|gosu|supervisord)$/;

function argumentsOf(
  tree: SourceTree,
  project: GoProject,
  { name }: GoCommand,
): { args: string[]; warnings: string[]; told?: StartCommand["from"] } {
  const found = commandOfDockerfile(tree);
  const none = { args: [], warnings: [] };
  if (found === null || found.args.length === 0 || NO_PROGRAM.test(found.program)) return none;
  const names = [name, ...project.modules.flatMap(({ mod }) => mod.module.split("/"))];
  if (!names.includes(found.program) && !OTHER_NAMES.has(found.program)) return none;
  const { what, line } = found.from;
  // What is there in that image need not be in this one.
  if (found.args.some((word) => /(?:^|=)\//.test(word))) {
    const words = found.args.map(shellQuote).join(" ");
    const told = `${what}:${line} starts it with "${words}", which names places of that image: run.start says what holds here`;
    return { args: [], warnings: [told] };
  }
  return { args: found.args, warnings: [], told: found.from };
}

/** What people call the program of their Dockerfile, whatever it is called otherwise. */
const OTHER_NAMES = new Set([
  "app",
  "main",
  "server",
  "service",
  "api",
  "web",
  "bin",
  "entrypoint",
]);
