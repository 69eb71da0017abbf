/**
 * Pure: the option with which a daemon stays in the foreground, where its own usage or manual page
 * says so. One that goes to the background ends its container.
 */
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Program } from "./app/project.ts";
import { mainFiles, sourceFiles, stemOf } from "./app/sources.ts";

export interface Foreground {
  option: string;
  from: Origin;
}

/** Null for what stays there anyway, or says nothing of it. */
export function foregroundOption(tree: SourceTree, { name }: Program): Foreground | null {
  const own = sourceFiles(tree).filter(({ path }) => !/(?:^|\/)(?:tests?|contrib)\//.test(path));
  if (!own.some(({ text }) => DAEMON.test(text))) return null;
  const mains = mainFiles(tree);
  const first = mains.filter(({ path }) => stemOf(path) === name);
  const pages = PAGES.flatMap((folder) =>
    [`${name}.8`, `${name}.1`, `${name}.8.in`, `${name}.1.in`].map((page) => folder + page),
  ).flatMap((path) => {
    const text = tree.text(path);
    return text === undefined ? [] : [{ path, text: text.slice(0, MOST_CHARACTERS) }];
  });
  for (const { path, text } of [...first, ...pages, ...mains]) {
    const found = optionIn(text);
    if (found !== null) return { option: found.option, from: { what: path, line: found.line } };
  }
  return null;
}

// --- internal ---

const MOST_CHARACTERS = 512 * 1024;

const PAGES = ["", "man/", "doc/", "docs/", "src/", "docs/man8/", "man/man8/"];

const DAEMON = /\bdaemon(?:ize|ise)?\s{0,4}\(|\bsetsid\s{0,4}\(/;

const SAYS =
  /\b(?:don['’]?t|do not|does not|never|without|not)\b[^.\n]{0,20}\b(?:background|daemoni[sz]\w*|fork\w*|detach\w*)|\b(?:run|stay|remain|keep)\w*\b[^.\n]{0,20}\bforeground\b|\bprevent\w*\b[^.\n]{0,60}\bbackground\b/i;

const OPTION = /(?:^|[\s"'|[(])(--?[A-Za-z][\w-]{0,30})(?=[\s,"'\\|\])=]|$)/;

/** `{ 'f', "foreground", …` */
const IN_TABLE = /'([A-Za-z])'\s{0,4},\s{0,4}"(?:foreground|no-?daemon\w{0,10}|no-?fork)"/i;

/** In the same line; of a page, also in those before. */
function optionIn(text: string): { option: string; line: number } | null {
  const lines = text.split("\n");
  for (const [index, whole] of lines.entries()) {
    const one = whole.slice(0, 400);
    const [, letter] = IN_TABLE.exec(one) ?? [];
    if (letter !== undefined) return { option: `-${letter}`, line: index + 1 };
    if (!SAYS.test(one)) continue;
    const before = lines.slice(Math.max(0, index - 4), index).reverse();
    const page = before.filter((other) => /^\.(?:B|It|IP|TP|BI)\b/.test(other));
    for (const said of [one, ...page]) {
      const [, option] =
        OPTION.exec(
          said
            .slice(0, 400)
            .replaceAll("\\-", "-")
            .replace(/^\.It Fl /, "-"),
        ) ?? [];
      if (option !== undefined) return { option, line: index + 1 };
    }
  }
  return null;
}
