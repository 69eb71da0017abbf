/** Pure: where a program of Go's listens, as far as its sources say. */
import type { SourceTree } from "../../source/source-tree.ts";
import { portIn } from "../listening-port.ts";
import type { GoCommand } from "./commands.ts";
import type { GoProject } from "./project.ts";
import { goFolders, join, textsOf } from "./sources.ts";

export interface Listening {
  /** Where PORT says nothing; null where nothing is known. */
  port: number | null;
  /** The file that has it listen where nobody from outside of its container reaches it; else null. */
  loopback: string | null;
}

/** Where it reads PORT: what it takes without; else where it says that it listens. */
export function listeningOf(
  tree: SourceTree,
  project: GoProject,
  { folder }: GoCommand,
): Listening {
  const all = goFolders(tree, ...project.modules.map((one) => one.folder));
  // Its own package says more than those where people put flags and settings, and those than others.
  const rest = all.filter((one) => one !== folder && !one.isCommand).slice(0, MOST_FOLDERS);
  const near = rest.filter((one) => SETTINGS.test(one.folder));
  let isRead = false;
  let listens: number | null = null;
  let loopback: string | null = null;
  for (const one of [folder, ...near, ...rest.filter((other) => !near.includes(other))]) {
    const isNear = one === folder || near.includes(one);
    for (const [index, text] of textsOf(tree, one).entries()) {
      const read = READS.exec(text);
      const port = read === null ? null : defaultAt(text, read.index);
      if (port !== null) return { port, loopback: null };
      isRead ||= read !== null || (text.includes("gin-gonic/gin") && /\.Run\(\s*\)/.test(text));
      if (!isNear) continue;
      listens ??= portIn(LISTENS.map((pattern) => pattern.exec(text)?.[1]).find(Boolean));
      if (LOOPBACK.test(text)) loopback ??= join(one.folder, one.files[index]!);
    }
  }
  return { port: isRead ? (listens ?? USUAL) : listens, loopback: isRead ? null : loopback };
}

// --- internal ---

const MOST_FOLDERS = 2000;

const SETTINGS = /(?:^|\/)(?:cmd|cli|conf|config|settings|server|httpd?|api|web|app|flags)$/;

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
  /"(?:[\w-]*-)?port",\s*(?:"\w?",\s*)?"?:?(\d{2,5})\b(?!\.)/i,
  /"(?:[\w-]*-)?(?:addr|address|listen|bind|http)",\s*(?:"\w?",\s*)?"[\w.]*:(\d{2,5})"/i,
];

/** As a flag or a setting of such a name has it for itself, or a call that listens. */
const LOOPBACK =
  /(?:"(?:[\w-]*-)?(?:address|addr|host|bind|listen)",\s*(?:"\w?",\s*)?|ListenAndServe(?:TLS)?\(\s*|\.Listen\(\s*(?:"tcp",\s*)?|Addr:\s*)"(?:127\.0\.0\.1|localhost)[":]/i;
