/** Pure: the packages that the manifests of Python apps name, without those for development. */
import { posix } from "node:path";
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";

import { knownScriptMetadata } from "./script-metadata.ts";

export interface NamedRequirement {
  /** Normalized (PEP 503). */
  name: string;
  extras: readonly string[];
}

export interface ManifestNames {
  file: string;
  requirements: readonly NamedRequirement[];
}

/** What cannot be read names nothing here: whoever installs it says what is wrong with it. */
export function readManifests(tree: SourceTree): ManifestNames[] {
  return [
    ...requirementFiles(tree),
    ...READERS.map(({ file, read }) => ({ file, requirements: readFile(tree, file, read) })),
    ...scriptNames(tree),
  ].filter(({ requirements }) => requirements.length > 0);
}

/** A requirement specifier (PEP 508): its name and extras; undefined for an option or a path. */
export function parseRequirement(text: string): NamedRequirement | undefined {
  const match =
    /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(?:$|[<>=!~;@#(,\s])/.exec(
      text.slice(0, LONGEST_LINE),
    );
  if (match === null) return /^\s*(?:-e|--editable)\b|:\/\//.test(text) ? eggName(text) : undefined;
  const [, name = "", extras = ""] = match;
  return { name: normalizeName(name), extras: extrasOf(extras) };
}

/** As indexes have it (PEP 503). */
export function normalizeName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

// --- internal ---

const LONGEST_LINE = 2048;

/** Of a file of requirements; those that it includes are read as well. */
const MOST_FILES = 50;

/** Where there is no requirements.txt, the first of these that there is. */
const REQUIREMENTS = [
  ...["requirements.txt", "requirements/production.txt", "requirements/prod.txt"],
  ...["requirements/base.txt", "requirements/common.txt", "requirements/main.txt"],
  "requirements/requirements.txt",
];

const READERS: readonly { file: string; read(text: string): NamedRequirement[] }[] = [
  { file: "pyproject.toml", read: readProject },
  { file: "Pipfile", read: readPipfile },
  { file: "setup.cfg", read: readSetupConfig },
  { file: "setup.py", read: readSetupScript },
];

const tableSchema = v.record(v.string(), v.unknown());
const listSchema = v.fallback(v.array(v.unknown()), []);

const projectSchema = v.object({
  project: v.fallback(v.object({ dependencies: v.optional(listSchema, []) }), { dependencies: [] }),
  tool: v.fallback(
    v.object({
      poetry: v.fallback(v.object({ dependencies: v.optional(v.fallback(tableSchema, {}), {}) }), {
        dependencies: {},
      }),
    }),
    { poetry: { dependencies: {} } },
  ),
});

const pipfileSchema = v.object({ packages: v.optional(v.fallback(tableSchema, {}), {}) });

const poetryEntrySchema = v.object({
  optional: v.optional(v.boolean(), false),
  extras: v.optional(v.array(v.string()), []),
});

function readFile(
  tree: SourceTree,
  file: string,
  read: (text: string) => NamedRequirement[],
): NamedRequirement[] {
  try {
    return read(tree.text(file) ?? "");
  } catch {
    return [];
  }
}

/** `-r base.txt`, `--requirement=base.txt`, and constraints. */
function includedFiles(text: string): string[] {
  const flags = /^[^\S\n]*(?:-r|-c|--requirement|--constraint)(?:[^\S\n]+|=)?(\S+)/gm;
  return [...text.matchAll(flags)].map(([, name = ""]) => name);
}

function requirementFiles(tree: SourceTree): ManifestNames[] {
  const top = REQUIREMENTS.find((name) => tree.has(name));
  if (top === undefined) return [];
  const found = new Map<string, NamedRequirement[]>();
  const visit = (file: string) => {
    const text = tree.text(file);
    if (found.has(file) || found.size >= MOST_FILES || text === undefined) return;
    const lines = text.split("\n").map((line) => line.replace(/(^|\s)#.*/, ""));
    found.set(file, parsed(lines));
    for (const name of includedFiles(text)) {
      visit(posix.normalize(posix.join(posix.dirname(file), name)));
    }
  };
  visit(top);
  return [...found].map(([file, requirements]) => ({ file, requirements }));
}

function readProject(text: string): NamedRequirement[] {
  const { project, tool } = v.parse(projectSchema, parseTOML(text));
  return [...parsed(project.dependencies), ...fromTable(tool.poetry.dependencies)];
}

function readPipfile(text: string): NamedRequirement[] {
  return fromTable(v.parse(pipfileSchema, parseTOML(text)).packages);
}

/** Of poetry and Pipenv: a version, or a table about the package. */
function fromTable(table: Readonly<Record<string, unknown>>): NamedRequirement[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const entry = v.safeParse(poetryEntrySchema, value);
    const { optional, extras } = entry.success ? entry.output : { optional: false, extras: [] };
    if (optional || name.toLowerCase() === "python") return [];
    return [{ name: normalizeName(name), extras: extras.map((extra) => extra.toLowerCase()) }];
  });
}

/** `install_requires` of the section [options]: indented lines, or one. */
function readSetupConfig(text: string): NamedRequirement[] {
  const section = /^\[options\][^\S\n]*\n((?:(?!\[)[^\n]*\n?)*)/m.exec(text)?.[1] ?? "";
  const value = /^install_requires[^\S\n]*[=:]([^\n]*(?:\n[^\S\n]+[^\n]*|\n[^\S\n]*(?=\n))*)/m.exec(
    section,
  );
  return parsed((value?.[1] ?? "").split(/[\n;]/).filter((line) => !/^\s*#/.test(line)));
}

/** A list that is written down; what is computed is not known before it is run. */
function readSetupScript(text: string): NamedRequirement[] {
  const list = /\binstall_requires\s*=\s*\[([^\]]*(?:\[[^\]]*\][^\]]*)*)\]/.exec(text)?.[1] ?? "";
  return parsed([...list.matchAll(/(["'])([^"'\n]+)\1/g)].map(([, , one]) => one));
}

/** Those of scripts that say themselves what they need (PEP 723). */
function scriptNames(tree: SourceTree): ManifestNames[] {
  return tree
    .list("")
    .filter(({ name, kind }) => kind === "file" && name.endsWith(".py"))
    .slice(0, MOST_FILES)
    .map(({ name }) => ({
      file: name,
      requirements: parsed(knownScriptMetadata(tree, name)?.dependencies ?? []),
    }));
}

function parsed(texts: readonly unknown[]): NamedRequirement[] {
  return texts.flatMap((text) => (typeof text === "string" ? (parseRequirement(text) ?? []) : []));
}

/** What a repository or an address says of its package: `…#egg=NAME`. */
function eggName(text: string): NamedRequirement | undefined {
  const [, name, extras = ""] = /#egg=([A-Za-z0-9][\w.-]*)(?:\[([^\]]*)\])?/.exec(text) ?? [];
  return name === undefined ? undefined : { name: normalizeName(name), extras: extrasOf(extras) };
}

function extrasOf(text: string): string[] {
  return text
    .split(",")
    .map((extra) => extra.trim().toLowerCase())
    .filter((extra) => extra !== "");
}
