/** The port that an app listens on where the variable PORT says nothing. Pure. */
import type { AppPackage } from "./app/app-package.ts";

/** What most apps choose. */
const USUAL = 3000;

/**
 * What the app's own files say; undefined where none of them reads PORT.
 * @param entry the file that is started, relative to the package
 */
export function portOf(app: AppPackage, entry: string | undefined): number | undefined {
  let isRead = false;
  for (const file of filesOf(app, entry)) {
    const text = app.tree.text(file)?.slice(0, MOST_CHARACTERS);
    if (text === undefined || !READS.test(text)) continue;
    isRead = true;
    const port = portIn(text);
    if (port !== undefined) return port;
  }
  return isRead ? (ofExample(app) ?? USUAL) : undefined;
}

/** The default beside the variable, in a program: `process.env.PORT || 8080`. */
export function portIn(text: string): number | undefined {
  const found = DEFAULTS.map((pattern) => pattern.exec(text)?.[1]).find(Boolean);
  const port = Number(found?.replace(/_/g, ""));
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
}

/** `dist/main.js` was src/main.ts. */
export function compiledFrom(entry: string): string[] {
  const found = /^(?:dist|build|lib|out|output)\/(.+)\.[cm]?js$/.exec(entry)?.[1];
  if (found === undefined) return [];
  const inner = found.replace(/^src\//, "");
  return [`src/${inner}.ts`, `${inner}.ts`, `src/${inner}.mts`, `src/${inner}.js`];
}

// --- internal ---

const MOST_CHARACTERS = 256 * 1024;
const MOST_FILES = 60;

const ENV = String.raw`(?:process\.env|Bun\.env|import\.meta\.env|\benv)`;
const VARIABLE = String.raw`${ENV}(?:\.PORT\b|\[\s*["']PORT["']\s*\])`;

const READS = new RegExp(
  `${VARIABLE}|\\bPORT\\b[^\\n]{0,40}=\\s*${ENV}|env(?:\\.int|\\.get)?\\(\\s*["']PORT["']|get(?:OrThrow)?(?:<\\w+>)?\\(\\s*["']PORT["']|\\bPORT:\\s*(?:z|t|v|str|num|port|Joi|joi|Type)\\b`,
);

const NUMBER = String.raw`["'\x60]?(\d[\d_]{1,5})\b`;

const DEFAULTS = [
  new RegExp(
    `${VARIABLE}[^\\n;|?]{0,20}(?:\\|\\||\\?\\?)\\s*(?:Number\\(|parseInt\\()?\\s*${NUMBER}`,
  ),
  new RegExp(`\\[[^\\]\\n]*${VARIABLE},\\s*${NUMBER}`),
  new RegExp(`${VARIABLE}\\s*\\?[^\\n:]{1,60}:\\s*${NUMBER}`),
  new RegExp(`\\bPORT\\s*=\\s*${NUMBER}[^\\n]{0,80}=\\s*${ENV}`),
  new RegExp(`\\(\\s*["']PORT["']\\s*,\\s*${NUMBER}`),
  new RegExp(`get(?:<\\w+>)?\\(\\s*["']PORT["']\\s*\\)\\s*(?:\\|\\||\\?\\?)\\s*${NUMBER}`),
  new RegExp(`\\bPORT:\\s*[^\\n]{0,80}default\\(\\s*${NUMBER}`),
  new RegExp(`\\bPORT:\\s*[^\\n]{0,80}default:\\s*${NUMBER}`),
];

const SOURCE = /\.(?:[cm]?[jt]s|tsx|jsx)$/;
const TESTS =
  /(?:^|\/)(?:test|tests|__tests__)\/|\.(?:test|spec|d)\.[cm]?[jt]sx?$|(?:^|\/)[\w.-]*\.config\.[cm]?[jt]s$/;

/** The entry, what it may be compiled from, and the files where apps usually read their settings. */
function filesOf({ tree }: AppPackage, entry: string | undefined): string[] {
  const sources = entry === undefined ? [] : [entry, ...compiledFrom(entry)];
  const folder = entry?.includes("/") ? entry.replace(/\/[^/]*$/, "") : undefined;
  const folders = ["", "src", ...(folder === undefined ? [] : [folder]), ...PLACES];
  const listed = [...new Set(folders)].flatMap((one) =>
    tree
      .list(one)
      .filter(({ name, kind }) => kind === "file" && SOURCE.test(name))
      .map(({ name }) => (one === "" ? name : `${one}/${name}`)),
  );
  return [...new Set([...sources, ...listed])]
    .filter((file) => !TESTS.test(file))
    .slice(0, MOST_FILES);
}

const PLACES = [
  "config",
  "src/config",
  "server",
  "src/server",
  "bin",
  "lib",
  "src/lib",
  "src/bin",
  "src/utils",
];

const EXAMPLES = [".env.example", ".env.sample", "example.env", ".env.template", ".env.production"];

function ofExample({ tree }: AppPackage): number | undefined {
  const line = /^[ \t]*(?:export\s+)?PORT\s*=\s*["']?(\d{2,5})\b/m;
  const found = EXAMPLES.map((name) => line.exec(tree.text(name) ?? "")?.[1]).find(Boolean);
  return found === undefined ? undefined : Number(found);
}
