/** Pure: what a program of Go's is started with, and where it listens. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { commandOfDockerfile } from "../dockerfile-command.ts";
import type { StartCommand } from "../language.ts";
import { BIN, pathOf } from "./build.ts";
import type { ChosenCommands, GoCommand } from "./commands.ts";
import { type GoProject, requiredModules } from "./project.ts";
import { type GoFolder, goFolders, textsOf } from "./sources.ts";

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
  const { args, warnings, told } = argumentsOf(tree, main);
  const port = portOf(tree, project, main);
  const words = [`${BIN}/${main.name}`, ...args];
  const line = words.map(shellQuote).join(" ");
  return {
    start: { line, from: told ?? from, ...(port === null ? {} : { port }) },
    env: requiredModules(project).has("github.com/gin-gonic/gin") ? { GIN_MODE: "release" } : {},
    warnings,
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
  { name }: GoCommand,
): { args: string[]; warnings: string[]; told?: StartCommand["from"] } {
  const found = commandOfDockerfile(tree);
  const none = { args: [], warnings: [] };
  if (found === null || found.args.length === 0 || NO_PROGRAM.test(found.program)) return none;
  if (found.program !== name && !OTHER_NAMES.has(found.program)) return none;
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

const MOST_FOLDERS = 2000;

/** Where it reads PORT: what it takes without; else where it says that it listens. */
function portOf(tree: SourceTree, project: GoProject, { folder }: GoCommand): number | null {
  const all = goFolders(tree, ...project.modules.map((one) => one.folder));
  // Its own package says more than any other.
  const ordered: GoFolder[] = [folder, ...all.filter((one) => one !== folder && !one.isCommand)];
  let isRead = false;
  let listens: number | null = null;
  for (const one of ordered.slice(0, MOST_FOLDERS)) {
    for (const text of textsOf(tree, one)) {
      const read = READS.exec(text);
      if (read !== null) {
        const port = defaultAt(text, read.index);
        if (port !== null) return port;
        isRead = true;
      }
      if (one === folder)
        listens ??= portIn(LISTENS.map((pattern) => pattern.exec(text)?.[1]).find(Boolean));
      if (one === folder && /\.Run\(\s*\)/.test(text) && text.includes("gin-gonic/gin"))
        isRead = true;
    }
  }
  return isRead ? (listens ?? USUAL) : listens;
}

const USUAL = 8080;

/** `os.Getenv("PORT")`, `getEnv("PORT", "3000")`, and tags of fields: `env:"PORT"`. */
const READS =
  /(?:[gG]et[eE]nv|LookupEnv|[eE]nv|GetString|GetInt|BindEnv)\w{0,40}\(\s*(?:"\w{0,40}",\s*)?"PORT"|\benv(?:config)?:"PORT\b/;

const NUMBER = /["`:]:?(\d{2,5})["`\s]|=\s*(\d{2,5})\b|,\s*(\d{2,5})\)/g;

/** A number soon after. */
function defaultAt(text: string, index: number): number | null {
  for (const [, ...groups] of text.slice(index, index + 240).matchAll(NUMBER)) {
    const port = portIn(groups.find((one) => one !== undefined));
    if (port !== null) return port;
  }
  return null;
}

/** A call that listens, or what a flag and a setting of such a name have for themselves. */
const LISTENS = [
  /(?:ListenAndServe(?:TLS)?|\.Run|\.Listen|\.Start|net\.Listen\(\s*"tcp",|Addr:|flag\.String(?:Var)?\([^)\n]{0,200})\(?\s*"[\d.]*:(\d{2,5})"/,
  /"(?:[\w-]*-)?(?:port|addr|address|listen|bind|http)",\s*(?:"\w?",\s*)?"?(?:[\w.]*:)?(\d{2,5})\b/i,
];

function portIn(text: string | undefined): number | null {
  const port = Number(text);
  return Number.isInteger(port) && port >= 80 && port < 65536 ? port : null;
}
