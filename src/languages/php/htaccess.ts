/**
 * Pure: what .htaccess files ask of Apache, as far as another server does it as well: folders that
 * nobody may see, and an index.php that answers for all.
 */
import { oncePer } from "../../lib/once-per.ts";
import { INSTALLED_FOLDERS } from "../../registries/registries.ts";
import type { SourceTree } from "../../source/source-tree.ts";

const FILE = ".htaccess";

/** Whether what is no file goes to index.php. */
export function frontOf(tree: SourceTree, folder: string): boolean {
  const text = textOf(tree, folder);
  return /^[ \t]*(?:RewriteRule[ \t][^\n]{0,500}\bindex\.php|FallbackResource[ \t]+\/?index\.php)/im.test(
    text,
  );
}

/** Folders below the one that is served that are closed to everybody, relative to it. */
export const closedFolders = oncePer((tree: SourceTree, root: string = ""): string[] => {
  const found: string[] = [];
  let looked = 0;
  let folders = [""];
  for (let depth = 0; depth < DEEPEST && folders.length > 0; depth += 1) {
    const below: string[] = [];
    for (const folder of folders) {
      looked += 1;
      if (looked > MOST_FOLDERS) return found;
      if (folder !== "" && isClosed(textOf(tree, join(root, folder)))) {
        found.push(folder);
        continue;
      }
      for (const { name, kind } of tree.list(join(root, folder))) {
        if (kind === "folder" && !isLeftOut(name)) below.push(join(folder, name));
      }
    }
    folders = below;
  }
  return found;
});

/** Lines of the file beside the entry that nothing carries over; null where there are none. */
export function lostRules(tree: SourceTree, folder: string): string | null {
  const lines = textOf(tree, folder).split(/\r?\n/);
  const at = lines.findIndex((line) => LOST.test(line));
  if (at < 0) return null;
  return `${join(folder, FILE)}:${at + 1}: is for Apache: of its rules only index.php for all that is no file, and closed folders, are carried over`;
}

// --- internal ---

const DEEPEST = 5;
const MOST_FOLDERS = 3000;
const LONGEST = 64 * 1024;

/** What is closed anyway, or is none of the app's own. */
const LEFT_OUT = /^(?:vendor|\..*)$/;

function textOf(tree: SourceTree, folder: string): string {
  return (tree.text(join(folder, FILE)) ?? "").slice(0, LONGEST);
}

/** All of it: not only files of some names. */
function isClosed(text: string): boolean {
  const whole = text.replace(/<(Files(?:Match)?)\b[^>]{0,500}>[^<]{0,5000}<\/\1>/gi, "");
  return /^[ \t]*(?:deny[ \t]+from[ \t]+all|require[ \t]+all[ \t]+denied)/im.test(whole);
}

/** Rules that do something else than to lead to index.php. */
const LOST =
  /^[ \t]*(?:RewriteRule[ \t]+(?!\S{1,200}[ \t]+(?:-[ \t]+\[(?:L|END)\]|\S{0,200}index\.php|%\{ENV:BASE\}))|Redirect(?:Match|Permanent)?[ \t]|AuthType[ \t]|AddHandler[ \t]|<Files)/i;

function isLeftOut(folder: string): boolean {
  return LEFT_OUT.test(folder) || INSTALLED_FOLDERS.some(({ name }) => name === folder);
}

function join(folder: string, name: string): string {
  if (folder === "") return name;
  return name === "" ? folder : `${folder}/${name}`;
}
