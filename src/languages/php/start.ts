/** Pure: what an app in PHP is started with: php-fpm behind nginx, as one program. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { treePath } from "../../source/source-tree.ts";
import type { StartCommand } from "../language.ts";
import { type DocumentRoot, documentRoot, LOOKED_FOR } from "./document-root.ts";
import { closedFolders, frontOf, lostRules } from "./htaccess.ts";

/** Where the variable PORT says nothing. */
export const PORT = 8080;

/** The program of the base image: its words are said by itself. */
const SERVE = "serve-php";

export interface PhpStart {
  start: StartCommand | null;
  env: Readonly<Record<string, string>>;
  warnings: string[];
  lookedFor: readonly string[];
}

export function startOf(tree: SourceTree): PhpStart {
  const root = documentRoot(tree);
  if (root === null) return { start: null, env: {}, warnings: [], lookedFor: LOOKED_FOR };
  return {
    start: { line: lineOf(tree, root), from: root.from, port: PORT },
    env: root.framework?.env ?? {},
    warnings: [...warningsOf(tree, root), ...[lostRules(tree, root.folder) ?? []].flat()],
    lookedFor: LOOKED_FOR,
  };
}

/**
 * A line of a Procfile as Heroku has it, `heroku-php-nginx -C nginx.conf public/`, or one with the
 * words of the base image's own program. Source: Heroku Dev Center, "Customizing Web Server and
 * Runtime Settings for PHP".
 */
export function plainCommand(tree: SourceTree, line: string): string | null {
  const words = line.trim().split(/\s+/);
  if (words[0] === "exec") words.shift();
  if (words[0] === SERVE) return line.trim();
  const [, server] =
    /^(?:(?:\.\/)?vendor\/bin\/)?heroku-php-(nginx|apache2)$/.exec(words.shift() ?? "") ?? [];
  // What a shell would make of it nobody knows.
  if (server === undefined || !words.every((word) => /^[\w@%+=:,./-]+$/.test(word))) return null;
  const found = herokuWords(words);
  if (found === null) return null;
  const folder = treePath(found.folder);
  if (folder === undefined) return null;
  const own = documentRoot(tree);
  const hasFront = own?.folder === folder ? own.hasFront : frontOf(tree, folder);
  const include = server === "nginx" ? found.include : undefined;
  return formatLine(tree, {
    ...{ folder, hasFront: hasFront && include === undefined },
    ...{ include, pool: found.pool },
  });
}

// --- internal ---

interface Words {
  folder: string;
  /** A part of the server's configuration. */
  include?: string | undefined;
  /** A part of php-fpm's. */
  pool?: string | undefined;
}

/** Null for what is not known. */
function herokuWords(words: readonly string[]): Words | null {
  const found: Words = { folder: "." };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (!word.startsWith("-")) found.folder = word;
    else if (!/^-[CFcilptv]$/.test(word)) return null;
    else if (word !== "-v") {
      at += 1;
      const value = words[at];
      if (value === undefined) return null;
      if (word === "-C") found.include = value;
      if (word === "-F") found.pool = value;
    }
  }
  return found;
}

function lineOf(tree: SourceTree, { folder, hasFront }: DocumentRoot): string {
  return formatLine(tree, { folder, hasFront });
}

function formatLine(tree: SourceTree, said: Words & { hasFront: boolean }): string {
  const { folder, hasFront, include, pool } = said;
  const closed = closedFolders(tree, folder).slice(0, MOST_CLOSED);
  return [
    SERVE,
    ...(hasFront ? ["--front"] : []),
    ...closed.flatMap((name) => ["--deny", name]),
    ...(include === undefined ? [] : ["--include", include]),
    ...(pool === undefined ? [] : ["--pool", pool]),
    folder === "" ? "." : folder,
  ]
    .map(shellQuote)
    .join(" ");
}

/** More are no words of a command. */
const MOST_CLOSED = 200;

function warningsOf(tree: SourceTree, { framework, folder }: DocumentRoot): string[] {
  const closed = closedFolders(tree, folder).length;
  if (closed > MOST_CLOSED) {
    return [`.htaccess files close ${closed} folders: only the first ${MOST_CLOSED} are closed`];
  }
  if (framework?.name !== "Laravel") return [];
  const hasMigrations = tree.list("database/migrations").some(({ name }) => name.endsWith(".php"));
  return [APP_KEY, ...(hasMigrations ? [MIGRATIONS] : [])];
}

const APP_KEY =
  "Laravel answers nothing without APP_KEY, which is in no image: the container's environment has to have it (php artisan key:generate --show prints one)";

const MIGRATIONS =
  'database/migrations is not run when the container starts; run.before-run = ["php artisan migrate --force"] does it';
