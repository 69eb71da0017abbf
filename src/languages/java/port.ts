/** Pure: where an app of Java's listens, as far as its files say. */
import type { SourceTree } from "../../source/source-tree.ts";
import { isPort, portIn } from "../listening-port.ts";
import { FRAMEWORKS, isServer } from "./app/frameworks.ts";
import { sources } from "./app/main-class.ts";
import type { JavaModule } from "./app/project.ts";
import { readProperties } from "./app/properties-file.ts";

/** Null where it is not known to read PORT, or to listen at all. */
export function portOf(tree: SourceTree, module: JavaModule): number | null {
  const { framework, dependencies, folder } = module;
  const { portKeys, port } = FRAMEWORKS[framework];
  const said = settingsOf(tree, folder, portKeys);
  if (isServer(framework, dependencies)) return said ?? port;
  return said ?? readPort(tree, folder);
}

// --- internal ---

function settingsOf(tree: SourceTree, folder: string, keys: readonly string[]): number | null {
  const root = folder === "" ? "src/main/resources" : `${folder}/src/main/resources`;
  for (const key of keys) {
    for (const name of ["application.properties", "config/application.properties"]) {
      const found = numberIn(readProperties(tree, `${root}/${name}`).get(key)?.value);
      if (found !== null) return found;
    }
    for (const name of ["application.yml", "application.yaml", "application.conf"]) {
      const text = (tree.text(`${root}/${name}`) ?? "").slice(0, MOST_CHARACTERS);
      const found = numberIn(inTree(text, key.split(".")));
      if (found !== null) return found;
    }
  }
  return null;
}

const MOST_CHARACTERS = 256 * 1024;

/** `server:` and below it, further in, `port: 8081`; of HOCON, `port = 8081` in braces. */
function inTree(text: string, names: readonly string[]): string | undefined {
  const [flat] =
    new RegExp(`^${names.join("\\.")}\\s*[:=]\\s*(.+)$`, "m").exec(text)?.slice(1) ?? [];
  if (flat !== undefined) return flat;
  const open: { name: string; depth: number }[] = [];
  for (const line of text.split(/\r?\n/)) {
    // A document of another profile.
    if (/^---/.test(line) && open.length > 0) open.length = 0;
    const [, space = "", name, value = ""] = /^(\s*)([\w-]+)\s*[:={]\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    while (open.length > 0 && open.at(-1)!.depth >= space.length) open.pop();
    open.push({ name, depth: space.length });
    const path = open.map((one) => one.name).join(".");
    if (path === names.join(".") && /\d/.test(value)) return value;
  }
  return undefined;
}

/** `8081`, `${PORT:8081}`, `${?PORT}`. */
function numberIn(text: string | undefined): number | null {
  const value = (text ?? "").replace(/\s#.*$/, "").trim();
  const [, plain, fallback] =
    /^["']?(?:(\d{2,5})|\$\{[\w.]+:(\d{2,5})\}|\$\{[\w.]+:\$\{[\w.]+:(\d{2,5})\}\})["']?$/.exec(
      value,
    ) ?? [];
  return portIn(plain ?? fallback);
}

/** `System.getenv("PORT")` and the like, with the number soon after. */
function readPort(tree: SourceTree, folder: string): number | null {
  for (const { text } of sources(tree, folder)) {
    const read = /(?:getenv\(|getenv\(\)\s*\.get(?:OrDefault)?\(|env\[|env\()\s*"PORT"/.exec(text);
    if (read === null) continue;
    const near = text.slice(read.index, read.index + 240);
    const found = [...near.matchAll(/(?<![\w.])(\d{2,5})(?![\w.])/g)].map(([, digits]) =>
      Number(digits),
    );
    return found.find(isPort) ?? 8080;
  }
  return null;
}
