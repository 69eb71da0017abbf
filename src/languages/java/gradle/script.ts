/**
 * Pure: what can be read of Gradle's scripts. They are programs, in Groovy or Kotlin: what is
 * written as people usually write it is found, and nothing is run.
 */
import { parseTOML } from "confbox/toml";
import { NuaError } from "../../../lib/errors.ts";
import { tomlProblem } from "../../../lib/toml-problem.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";

export interface GradleScript {
  file: string;
  /** Without comments; lines stay where they are. */
  text: string;
}

/** The first of those names that is there, in one of both languages. */
export function readScript(tree: SourceTree, name: string): GradleScript | null {
  for (const file of [`${name}.gradle.kts`, `${name}.gradle`]) {
    const text = tree.text(file);
    if (text === undefined) continue;
    rejectConflict(file, text);
    return { file, text: withoutComments(text.slice(0, MOST_CHARACTERS)) };
  }
  return null;
}

/** Identifiers of plugins; an alias of a catalog stands for the plugin that it has. */
export function pluginsIn({ text }: GradleScript, catalog: Catalog): string[] {
  const all = [
    ...captures(text, /\bid\s*\(?\s*["']([\w.-]+)["']\)?(?!.{0,200}\bapply\s*\(?\s*false)/g),
    ...captures(text, /\bapply\s*\(?\s*plugin\s*[:=]\s*["']([\w.-]+)["']/g),
    ...captures(
      text,
      /\bkotlin\s*\(\s*["']([\w.]+)["']\s*\)(?!.{0,200}\bapply\s*\(?\s*false)/g,
    ).map((name) => `org.jetbrains.kotlin.${name}`),
    ...captures(
      text,
      /\balias\s*\(\s*libs\.plugins\.([\w.]+)\s*\)(?!.{0,200}\bapply\s*\(?\s*false)/g,
    ).flatMap((alias) => catalog.plugins.get(plainAlias(alias)) ?? []),
  ];
  const blocks = [...text.matchAll(/\bplugins\s*\{([^}]*)\}/g)].map(([, block]) => block!);
  const words = blocks.flatMap((block) =>
    captures(
      block,
      /^\s*[`"']?(java|application|war|groovy|java-library|distribution)[`"']?\s*;?\s*$/gm,
    ),
  );
  return [...new Set([...all, ...words])];
}

/** GROUP:NAME of what it depends on, tests apart. */
export function dependenciesIn({ text }: GradleScript, catalog: Catalog): string[] {
  const written = captures(
    text,
    /\b(?:implementation|api|compile|runtimeOnly|runtime|developmentOnly|compileOnly)\s*\(?\s*(?:(?:enforced)?[pP]latform\s*\(\s*)?["']([\w.-]+:[\w.-]+)[:"']/g,
  );
  const named = captures(
    text,
    /\b(?:implementation|api|runtimeOnly)\s*\(?\s*(?:platform\s*\(\s*)?libs\.([\w.]+)/g,
  ).flatMap((alias) => catalog.libraries.get(plainAlias(alias)) ?? []);
  const parts = [
    ...text.matchAll(/\bgroup\s*:\s*["']([\w.-]+)["']\s*,\s*name\s*:\s*["']([\w.-]+)["']/g),
  ].map(([, group, name]) => `${group}:${name}`);
  return [...written, ...named, ...parts];
}

export interface Found {
  value: string;
  line: number;
}

/** The first group of the first pattern that is found. */
export function find({ text }: GradleScript, ...patterns: RegExp[]): Found | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    const value = found?.slice(1).find((one) => one !== undefined);
    if (found === null || value === undefined) continue;
    return { value, line: text.slice(0, found.index).split("\n").length };
  }
  return null;
}

/** Folders of projects, as `include` names them: `:a:b` is `a/b`. */
export function includedIn({ text }: GradleScript): Found[] {
  const found: Found[] = [];
  const calls = /\binclude\b\s*\(?((?:\s*["'][^"'\n]+["']\s*,?)+)/g;
  for (const call of text.matchAll(calls)) {
    for (const path of captures(call[1]!, /["']([\w:./-]+)["']/g)) {
      const line = text.slice(0, call.index + call[0].indexOf(path)).split("\n").length;
      found.push({ value: path.replace(/^:/, "").replaceAll(":", "/"), line });
    }
  }
  return found.slice(0, MOST_PROJECTS);
}

/** Folders of builds that are a part of this one, such as those of its own plugins. */
export function includedBuilds({ text }: GradleScript): string[] {
  return captures(text, /\bincludeBuild\s*\(?\s*["']([\w./-]{1,200})["']/g).slice(0, MOST_PROJECTS);
}

export function captures(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found]) => found!);
}

export interface Catalog {
  plugins: ReadonlyMap<string, string>;
  libraries: ReadonlyMap<string, string>;
}

/**
 * Source: docs.gradle.org, "Version catalogs".
 * @throws NuaError (input) for TOML that is none
 */
export function readCatalog(tree: SourceTree): Catalog {
  const file = "gradle/libs.versions.toml";
  const text = tree.text(file);
  if (text === undefined) return { plugins: new Map(), libraries: new Map() };
  rejectConflict(file, text);
  const { plugins = {}, libraries = {} } = parsed(text, file);
  return { plugins: entries(plugins, pluginOf), libraries: entries(libraries, libraryOf) };
}

// --- internal ---

const MOST_CHARACTERS = 512 * 1024;
const MOST_PROJECTS = 500;

/** A text within quotes may look like a comment: "https://…". */
/** Also without long runs of blanks, over which patterns would go again and again. */
function withoutComments(text: string): string {
  const parts = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text
    .replace(parts, (part) => (part.startsWith("/") ? part.replace(/[^\n]/g, " ") : part))
    .replace(/\s{100,}/g, (blanks) => blanks.slice(0, 100));
}

/** A dash, an underscore and a dot are the same there. */
function plainAlias(alias: string): string {
  return alias.replace(/[-_]/g, ".");
}

function entries(table: unknown, read: (one: unknown) => string | undefined): Map<string, string> {
  if (typeof table !== "object" || table === null) return new Map();
  return new Map(
    Object.entries(table).flatMap(([alias, one]) => {
      const name = read(one);
      return name === undefined ? [] : [[plainAlias(alias), name] as const];
    }),
  );
}

function pluginOf(one: unknown): string | undefined {
  if (typeof one === "string") return one.split(":")[0];
  const { id } = (one ?? {}) as { id?: unknown };
  return typeof id === "string" ? id : undefined;
}

function libraryOf(one: unknown): string | undefined {
  if (typeof one === "string") return one.split(":").slice(0, 2).join(":");
  const { module, group, name } = (one ?? {}) as Record<string, unknown>;
  if (typeof module === "string") return module;
  return typeof group === "string" && typeof name === "string" ? `${group}:${name}` : undefined;
}

function parsed(text: string, file: string): { plugins?: unknown; libraries?: unknown } {
  try {
    return parseTOML(text.replaceAll("\r\n", "\n"));
  } catch (cause) {
    const { reason, position } = tomlProblem(cause);
    throw new NuaError("input", `Read "${file}": not valid TOML: ${reason}`, {
      file,
      position,
      cause,
    });
  }
}
