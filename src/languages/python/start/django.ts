/** Pure: Django: where it is, its settings, how it is served, and where static files are collected. */

import { posix } from "node:path";
import { oncePer } from "../../../lib/once-per.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import type { DeclaredPackages } from "../manifests/declared-packages.ts";
import { codeOf, LONGEST_MODULE } from "./python-text.ts";
import { portOf } from "./servers.ts";

export interface DjangoProject {
  /** The folder of manage.py, relative to the source; empty for the top. */
  folder: string;
  /** Modules that hold an application, such as `site.wsgi`. */
  wsgi?: string;
  asgi?: string;
  /** What the server takes for its settings where manage.py takes others. */
  settings?: string;
  /** The texts of the settings that are known. */
  texts: readonly string[];
  /** Packages that are among its INSTALLED_APPS count as declared ones do. */
  usesChannels: boolean;
}

/** Undefined where there is no manage.py of Django's, at the top or in a folder of it. */
export const findDjango = oncePer((tree: SourceTree): DjangoProject | undefined => {
  const folders = tree
    .list("")
    .filter(({ kind, name }) => kind === "folder" && !name.startsWith("."))
    .map(({ name }) => name);
  const folder = ["", ...folders].find((one) => isManage(tree.text(join(one, "manage.py"))));
  if (folder === undefined) return undefined;
  const managed = settingsName(tree.text(join(folder, "manage.py")) ?? "");
  const text = (module: string) => moduleText(tree, folder, module);
  const texts = managed === undefined ? [] : settingsTexts(tree, folder, managed);
  const named = (key: string) => moduleNamed(texts, key);
  const wsgi = named("WSGI_APPLICATION") ?? beside(tree, folder, managed, "wsgi");
  const asgi = named("ASGI_APPLICATION") ?? beside(tree, folder, managed, "asgi");
  const served = settingsName(text(wsgi ?? asgi ?? "") ?? "");
  const differs = served !== undefined && served !== managed;
  return {
    folder,
    ...(wsgi === undefined ? {} : { wsgi }),
    ...(asgi === undefined ? {} : { asgi }),
    ...(differs ? { settings: served } : {}),
    texts: differs ? [...settingsTexts(tree, folder, served), ...texts] : texts,
    usesChannels: texts.some((one) => /^[ \t]*["'](channels|daphne)["']/m.test(one)),
  };
});

/**
 * Migrations come first, as everywhere where an app is started from its folder alone: without its
 * tables it answers nothing. A server that is among the dependencies is taken, else Django's own.
 */
export function djangoLine(project: DjangoProject, declared: DeclaredPackages): string {
  const server = serverLine(project, declared);
  const steps = [
    ...(collectsAtStart(project) ? [manage(project, "collectstatic --noinput")] : []),
    ...(hasDatabase(project) ? [manage(project, "migrate --noinput")] : []),
  ];
  return steps.length === 0 ? server : [...steps, `exec ${server}`].join(" && ");
}

/** What collects static files while the image is built; null where nothing is to be collected. */
export function collectStatic(
  project: DjangoProject,
): { argv: string[]; env: Record<string, string> } | null {
  if (!hasStaticRoot(project) || collectsAtStart(project)) return null;
  const names = requiredVariables(project);
  return {
    argv: ["python", ...manageWords(project, "collectstatic"), "--noinput"],
    env: Object.fromEntries(names.map((name) => [name, placeholder(name)!])),
  };
}

/** Variables that its settings read and that nobody can know while the image is built. */
export function unknownVariables(project: DjangoProject): string[] {
  return requiredVariables(project).filter((name) => placeholder(name) === undefined);
}

// --- internal ---

const MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

/** Of settings that take others in. */
const MOST_TEXTS = 8;

function isManage(text: string | undefined): boolean {
  return text !== undefined && /django/i.test(text);
}

function settingsName(text: string): string | undefined {
  const found = /DJANGO_SETTINGS_MODULE["']?\s*[,\]]\s*=?\s*["']([\w.]+)["']/.exec(text)?.[1];
  return found !== undefined && MODULE.test(found) ? found : undefined;
}

/** The settings, what they take in, and the files beside those of a package. */
function settingsTexts(tree: SourceTree, folder: string, module: string): string[] {
  const found = new Map<string, string>();
  const queue = [module];
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    if (found.has(one) || found.size >= MOST_TEXTS) continue;
    const text = moduleText(tree, folder, one);
    if (text === undefined) continue;
    const code = codeOf(text);
    found.set(one, code);
    const isPackage = tree.has(join(folder, `${one.replaceAll(".", "/")}/__init__.py`));
    for (const [, dots = "", name = ""] of code.matchAll(
      /^[ \t]*from\s+(\.*)([\w.]*)\s+import\s/gm,
    )) {
      queue.push(...relativeModule(one, isPackage, dots.length, name));
    }
  }
  return [...found.values()];
}

function relativeModule(from: string, isPackage: boolean, level: number, name: string): string[] {
  if (level === 0) return name.split(".")[0] === from.split(".")[0] ? [name] : [];
  const parts = from.split(".");
  const base = parts.slice(0, parts.length - (isPackage ? level - 1 : level));
  const module = [...base, ...(name === "" ? [] : [name])].join(".");
  return MODULE.test(module) ? [module] : [];
}

function moduleText(tree: SourceTree, folder: string, module: string): string | undefined {
  const path = join(folder, module.replaceAll(".", "/"));
  const text = tree.text(`${path}.py`) ?? tree.text(`${path}/__init__.py`);
  return text !== undefined && text.length <= LONGEST_MODULE ? text : undefined;
}

/** `WSGI_APPLICATION = "site.wsgi.application"`; one of another name cannot be served by ours. */
function moduleNamed(texts: readonly string[], key: string): string | undefined {
  const pattern = new RegExp(`^${key}\\s*=\\s*["']([\\w.]+)\\.application["']`, "m");
  const found = texts.map((text) => pattern.exec(text)?.[1]).find((name) => name !== undefined);
  return found !== undefined && MODULE.test(found) ? found : undefined;
}

/** `site/wsgi.py` beside `site/settings.py` or `site/settings/`. */
function beside(
  tree: SourceTree,
  folder: string,
  settings: string | undefined,
  name: string,
): string | undefined {
  const parts = settings?.split(".") ?? [];
  const places = parts.map((_, at) => [...parts.slice(0, parts.length - 1 - at), name].join("."));
  return places.find((module) => moduleText(tree, folder, module) !== undefined);
}

function serverLine(project: DjangoProject, declared: DeclaredPackages): string {
  const { wsgi, asgi, usesChannels } = project;
  const has = (name: string) => declared.has(name);
  const wantsAsgi = asgi !== undefined && (usesChannels || has("channels") || has("daphne"));
  const port = portOf(PORT);
  if (asgi !== undefined && (wantsAsgi || !has("gunicorn") || wsgi === undefined)) {
    if (has("uvicorn")) return `uvicorn ${asgi}:application --host 0.0.0.0 --port ${port}`;
    if (has("daphne")) return `daphne -b 0.0.0.0 -p ${port} ${asgi}:application`;
    if (has("hypercorn")) return `hypercorn --bind 0.0.0.0:${port} ${asgi}:application`;
  }
  if (wsgi !== undefined) {
    if (has("gunicorn")) return `gunicorn --bind 0.0.0.0:${port} ${wsgi}:application`;
    if (has("waitress")) return `waitress-serve --listen=0.0.0.0:${port} ${wsgi}:application`;
    if (has("uwsgi")) {
      return `uwsgi --http 0.0.0.0:${port} --master --die-on-term --module ${wsgi}:application`;
    }
  }
  return `${manage(project, "runserver")} 0.0.0.0:${port} --noreload`;
}

/** Of Django's own server, and of its servers'. */
export const PORT = 8000;

function manage(project: DjangoProject, words: string): string {
  return ["python", ...manageWords(project, words)].join(" ");
}

/** The settings that the server takes, too: those of manage.py may be a developer's. */
function manageWords({ settings }: DjangoProject, words: string): string[] {
  const [command = "", ...others] = words.split(" ");
  return [
    "manage.py",
    command,
    ...(settings === undefined ? [] : ["--settings", settings]),
    ...others,
  ];
}

function hasDatabase({ texts }: DjangoProject): boolean {
  return texts.some((text) => /^[ \t]*DATABASES\s*[[=:]/m.test(text));
}

function hasStaticRoot({ texts }: DjangoProject): boolean {
  return texts.some((text) => /^[ \t]*STATIC_ROOT\s*[:=]/m.test(text));
}

function collectsAtStart(project: DjangoProject): boolean {
  return hasStaticRoot(project) && unknownVariables(project).length > 0;
}

/** Variables without a fallback: of os, django-environ, python-decouple and environs. */
function requiredVariables({ texts }: DjangoProject): string[] {
  const patterns = [
    /\benviron\s*\[\s*["']([A-Za-z_]\w*)["']\s*\]/g,
    /\b(?:getenv|environ\.get)\(\s*["'](\w*SECRET_KEY)["']\s*\)/g,
    /(?<![\w.])(?:env|config)(?:\.(?:str|bool|int|list|db|db_url|url|cache|email))?\(\s*["']([A-Za-z_]\w*)["']\s*(?:,\s*cast\s*=\s*\w+\s*)?\)/g,
  ];
  const names = texts.flatMap((text) =>
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name)),
  );
  return [...new Set(names)].sort();
}

/** Values with which settings can be read, and nothing can be reached; they are in no image. */
function placeholder(name: string): string | undefined {
  if (/SECRET_KEY$/.test(name)) return "only-while-static-files-are-collected";
  if (/DATABASE_URL$/.test(name)) return "sqlite:///:memory:";
  return undefined;
}

function join(folder: string, path: string): string {
  return posix.join(folder, path);
}
