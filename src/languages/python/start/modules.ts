/** Pure: the Python modules of an app: which there are, and what each says at its top level. */
import { oncePer } from "../../../lib/once-per.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { TELLING_WORDS } from "./frameworks.ts";
import { argumentsAt, codeOf, LONGEST_MODULE } from "./python-text.ts";

export interface PythonModule {
  /** Relative to the source. */
  path: string;
  /** Without comments and long strings. */
  code: string;
  /** What is imported at the top level, under `try` and `if` as well. */
  imports: readonly Import[];
  /** `app = FastAPI(…)` at the top level: names and what is called for them. */
  objects: readonly CalledObject[];
  /** Functions of the top level that can be called without arguments. */
  factories: readonly string[];
  /** What is done where the file itself is run; undefined where it says nothing of that. */
  mainBlock?: string;
}

export interface Import {
  /** The first name of a module: "app" of `app.routes`; empty for `from . import x`. */
  name: string;
  /** The whole name. */
  module: string;
  /** Dots before it. */
  level: number;
}

export interface CalledObject {
  variable: string;
  /** As it is called: "FastAPI" of `fastapi.FastAPI()`. */
  callee: string;
  arguments: string;
}

/** In the order in which an app's own are looked at: usual names first, upper folders first. */
export const appModules = oncePer((tree: SourceTree): PythonModule[] => {
  const telling = modulePaths(tree).filter(
    (path) => /[aw]sgi\.py$/.test(path) || TELLING.test(tree.text(path) ?? ""),
  );
  return telling.flatMap((path) => readModule(tree, path) ?? []);
});

export function readModule(tree: SourceTree, path: string): PythonModule | undefined {
  const text = tree.text(path);
  if (text === undefined || text.length > LONGEST_MODULE) return undefined;
  const code = codeOf(text.replaceAll("\r\n", "\n"));
  const mainBlock =
    /^if\s+(?:\(\s*)?(?:__name__\s*==\s*["']__main__["']|["']__main__["']\s*==\s*__name__)[^\n:]*:((?:[^\n]*)(?:\n(?:[^\S\n]+[^\n]*|[^\S\n]*(?=\n|$)))*)/m.exec(
      code,
    )?.[1];
  return {
    path,
    code,
    imports: importsOf(code),
    objects: objectsOf(code),
    factories: factoriesOf(code),
    ...(mainBlock === undefined ? {} : { mainBlock }),
  };
}

/** Whether it imports one of these, or what is below them. */
export function importsAny(module: PythonModule, names: readonly string[]): boolean {
  return module.imports.some(
    ({ module: one, level }) =>
      level === 0 && names.some((name) => one === name || one.startsWith(`${name}.`)),
  );
}

/** Whether it is there to be imported: at its top level are definitions only. */
export function onlyDefines({ code, mainBlock }: PythonModule): boolean {
  if (mainBlock !== undefined || code.trim() === "") return false;
  const done = code.split("\n").filter((line) => /^\S/.test(line) && !DEFINITION.test(line));
  return done.length === 0;
}

/** The usual names of the file that is started, the first first; without `.py`. */
export const USUAL_NAMES = [
  ...["main", "app", "server", "run", "start", "bot", "api", "web", "wsgi", "asgi"],
  ...["application", "index", "hello", "serve", "service", "webapp", "__main__", "__init__"],
];

// --- internal ---

/** Words without which nothing is to be found in a module: most have none. */
const TELLING = new RegExp(`\\b(?:${TELLING_WORDS.join("|")})\\b`);

const DEFINITION =
  /^(?:(?:async\s+)?def|class|import|from|@|[)\]}"']|\w+(?:\s*:[^=]+)?\s*=(?!=)(?!.*\.(?:run|serve)\w*\()|if\s+(?:typing\.)?TYPE_CHECKING)/;

/** An app is not trusted, and its main module is not deep below. */
const DEEPEST = 4;
const MOST_MODULES = 400;

/** Folders that hold no part of the app that is started. */
const OTHER_FOLDERS =
  /^(\..*|__pycache__|tests?|testing|docs?|examples?|migrations|venv|env|virtualenv|site-packages|build|dist|static|templates|scripts|alembic|benchmarks?|notebooks?)$/;

const OTHER_FILES = /^(setup|conftest|noxfile|fabfile|dodo|.*_test|test_.*)\.py$/;

function modulePaths(tree: SourceTree): string[] {
  const found: string[] = [];
  let folders = [""];
  for (let depth = 0; depth < DEEPEST && found.length < MOST_MODULES; depth++) {
    const below: string[] = [];
    for (const folder of folders) {
      const entries = tree.list(folder);
      const files = entries
        .filter(({ name, kind }) => kind === "file" && name.endsWith(".py"))
        .filter(({ name }) => !OTHER_FILES.test(name));
      found.push(...files.map(({ name }) => join(folder, name)));
      const nested = entries.filter(
        ({ name, kind }) => kind === "folder" && !OTHER_FOLDERS.test(name),
      );
      below.push(...nested.map(({ name }) => join(folder, name)));
    }
    folders = below.slice(0, MOST_MODULES);
  }
  return found.slice(0, MOST_MODULES).sort((a, b) => rank(a) - rank(b));
}

function rank(path: string): number {
  const name = path.replace(/^.*\//, "").replace(/\.py$/, "");
  const usual = USUAL_NAMES.indexOf(name);
  const depth = path.split("/").length - (path.startsWith("src/") ? 1.5 : 1);
  return depth * 100 + (usual < 0 ? USUAL_NAMES.length : usual);
}

function importsOf(code: string): Import[] {
  // One level of indentation: under `try` or `if`, not in functions further below.
  const lines = code.matchAll(
    /^(?: {4}|\t)?(?:from\s+(\.*)\s*([\w.]*)\s+import\b|import\s+([\w., \t]+))/gm,
  );
  return [...lines].flatMap(([, dots = "", from, plain]) =>
    plain === undefined
      ? [imported(from ?? "", dots.length)]
      : plain.split(",").map((one) => imported(one.trim().split(/\s/)[0]!, 0)),
  );
}

function imported(module: string, level: number): Import {
  return { name: module.split(".")[0]!, module, level };
}

function objectsOf(code: string): CalledObject[] {
  const assigned =
    /^([A-Za-z_]\w*)(?:\s*,\s*\w+){0,8}\s*(?::[^=\n]+)?=\s*(?:await\s+)?(?:[\w]+\.)*([A-Za-z_]\w*)\s*\(/gm;
  const bound = /^with\s+(?:\w+\.)*([A-Za-z_]\w*)\s*\(/gm;
  return [
    ...firstOf(code.matchAll(assigned)).map((match): CalledObject => {
      const [text, variable = "", callee = ""] = match;
      return { variable, callee, arguments: argumentsAt(code, match.index + text.length - 1) };
    }),
    ...firstOf(code.matchAll(bound)).flatMap((match): CalledObject[] => {
      const [text, callee = ""] = match;
      const open = match.index + text.length - 1;
      const inside = argumentsAt(code, open);
      const variable = /^\)\s+as\s+(\w+)/.exec(code.slice(open + inside.length + 1))?.[1];
      return variable === undefined ? [] : [{ variable, callee, arguments: inside }];
    }),
  ];
}

function factoriesOf(code: string): string[] {
  const functions = code.matchAll(/^def\s+(\w+)\s*\(/gm);
  return firstOf(functions).flatMap((match) => {
    const [text, name = ""] = match;
    const parameters = argumentsAt(code, match.index + text.length - 1);
    const needed = parameters
      .split(",")
      .filter((one) => one.trim() !== "" && !/=|^\s*[*/]/.test(one));
    return needed.length === 0 ? [name] : [];
  });
}

/** No module that people write has more. */
function firstOf(matches: Iterable<RegExpExecArray>): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of matches) {
    if (found.push(match) >= MOST_MATCHES) break;
  }
  return found;
}

const MOST_MATCHES = 1000;

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
