/** `npm run map`: generates the map in AGENTS.md from the first comment of each file. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOMS } from "./rooms.ts";

/** Folders whose files are in the map. */
const FOLDERS = ["bin", "scripts", "dockerfiles", "src", "test/helpers"];

/** Where the map begins; all after it is made here. */
const HEADING = "## Files\n";

/** @returns AGENTS.md with its map as the files of `root` have it */
export function withMap(text: string, root: string): string {
  const at = text.indexOf(HEADING);
  if (at < 0) throw new Error(`AGENTS.md has no heading "${HEADING.trim()}"`);
  return `${text.slice(0, at)}${HEADING}\n${formatMap(root)}`;
}

/** What a file says of itself: the first sentence of its first comment. */
export function describeFile(path: string, text: string): string {
  const comment = COMMENTS.find(({ names }) => names.test(path))?.first(text);
  const words =
    (comment ?? "")
      .trim()
      .split(/\n\s*\n/)[0]
      ?.replace(/\s+/g, " ") ?? "";
  const sentence = /^(.*?\.)(\s|$)/.exec(words)?.[1] ?? words;
  if (sentence !== "") return sentence.replace(/^Pure: ./, capitalize).replace(/[.:]$/, "");
  throw new Error(`${path} does not say what it is: begin it with a comment`);
}

// --- internal ---

const COMMENTS: readonly { names: RegExp; first(text: string): string | undefined }[] = [
  { names: /\.c?[jt]s$/, first: (text) => unstarred(/\/\*\*(.*?)\*\//s.exec(text)?.[1] ?? "") },
  { names: /\.py$/, first: (text) => /"""(.*?)"""/s.exec(text)?.[1] },
  {
    names: /./,
    first: (text) =>
      /^#(?!!| *syntax=) ?((?:.*)(?:\n# ?.+)*)/m.exec(text)?.[1]?.replace(/\n# ?/g, "\n"),
  },
];

/** The letter after "Pure: ". */
function capitalize(text: string): string {
  return text.slice(-1).toUpperCase();
}

function unstarred(comment: string): string {
  return comment.replace(/^\s*\*?[ \t]?/gm, "");
}

function formatMap(root: string): string {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name}`)
      .filter((path) => statSync(join(root, path)).isFile() && !/__pycache__|\.json$/.test(path)),
  ).sort();
  const groups = Map.groupBy(files, groupOf);
  return [...order(groups.keys())]
    .map((group) => {
      const lines = groups.get(group)!.map((path) => {
        return `- \`${path}\`: ${describeFile(path, readFileSync(join(root, path), "utf8"))}\n`;
      });
      const about = ROOMS[group] === undefined ? "" : `: ${ROOMS[group].about}`;
      return `### ${group}${about}\n\n${lines.join("")}`;
    })
    .join("\n");
}

/** A room of the house, or a folder beside it. */
function groupOf(path: string): string {
  const [top = "", room = "", inside] = path.split("/");
  if (top === "test") return `${top}/${room}`;
  return top === "src" && inside !== undefined ? `${top}/${room}` : top;
}

function order(groups: Iterable<string>): string[] {
  const first = ["bin", "scripts", "dockerfiles", "src", ...Object.keys(ROOMS)];
  const place = (group: string) => first.indexOf(group) + 1 || first.length + 1;
  return [...groups].sort((a, b) => place(a) - place(b));
}

if (import.meta.main) {
  const root = join(import.meta.dir, "..");
  const file = join(root, "AGENTS.md");
  writeFileSync(file, withMap(readFileSync(file, "utf8"), root));
}
