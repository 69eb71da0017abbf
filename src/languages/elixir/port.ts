/** Pure: where an app of Elixir's listens, as far as its files tell. */
import type { SourceTree } from "../../source/source-tree.ts";
import { portIn } from "../listening-port.ts";
import { type MixProject, packageNames } from "./project.ts";
import { type SourceText, settingsOf, sourcesIn } from "./sources.ts";

/** Where it reads PORT: what it takes without; else where it says that it listens. Null: nowhere. */
export function portOf(tree: SourceTree, project: MixProject): number | null {
  const folders = [project.top, ...project.members].map(({ folder }) => folder);
  const settings = settingsOf(tree, folders);
  const sources = folders.flatMap((one) => sourcesIn(tree, one === "" ? "lib" : `${one}/lib`));
  const all = [...settings, ...sources];
  const isPhoenix = packageNames(project).has("phoenix");
  let isRead = false;
  for (const { text } of all) {
    const read = READS.exec(text);
    if (read === null) continue;
    isRead = true;
    const port = defaultAt(text, read.index);
    if (port !== null) return port;
  }
  const said = listens(all);
  return said ?? (isPhoenix || isRead ? USUAL : null);
}

// --- internal ---

/** As Phoenix has it, and after it most. */
const USUAL = 4000;

/** `System.get_env("PORT") || "4000"`, `env!("PORT", :integer, 4000)`, `:os.getenv("PORT")` */
const READS = /\b(?:get_env|fetch_env!?|getenv|env!?|get_integer|env_\w{1,20})\(\s*['"]PORT['"]/;

const NUMBER = /["'](\d{2,5})["']|[\s,(](\d{2,5})(?=[\s,)])/g;

/** A number soon after. */
function defaultAt(text: string, index: number): number | null {
  for (const [, ...groups] of text.slice(index, index + 160).matchAll(NUMBER)) {
    const port = portIn(groups.find((one) => one !== undefined));
    if (port !== null) return port;
  }
  return null;
}

const LISTENS = [
  // {Bandit, plug: Shop, port: 4001}, {Plug.Cowboy, scheme: :http, options: [port: 4001]}
  /\b(?:Bandit|Plug\.Cowboy|ThousandIsland|http:|start_clear|start_http|:ranch\.)[^\n]{0,200}?\bport:\s{0,8}(\d{2,5})\b/,
  /\b(?:Bandit|Plug\.Cowboy|ThousandIsland|http:|start_clear)\b[^{}]{0,200}?\bport:\s{0,8}(\d{2,5})\b/,
  /:gen_tcp\.listen\(\s{0,8}(\d{2,5})\b/,
  /:httpd[^\n]{0,200}\bport:\s{0,8}(\d{2,5})\b/,
];

function listens(sources: readonly SourceText[]): number | null {
  for (const pattern of LISTENS) {
    for (const { text } of sources) {
      const port = portIn(pattern.exec(text)?.[1]);
      if (port !== null) return port;
    }
  }
  return null;
}
