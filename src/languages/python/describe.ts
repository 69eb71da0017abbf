/** Pure: what a Python project's manifest says of the app. */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";

/** Of the first manifest that says anything; null where none does. */
export function describe(tree: SourceTree): AppDescription | null {
  for (const { file, read } of READERS) {
    const description = clean(readFile(tree.text(file), read));
    if (Object.keys(description).length > 0) return description;
  }
  return null;
}

// --- internal ---

/** What a manifest may say, as it is found. */
type Found = Partial<Record<keyof AppDescription, string | undefined>>;

const READERS: readonly { file: string; read(text: string): Found }[] = [
  { file: "pyproject.toml", read: readProject },
  { file: "setup.cfg", read: readSetupConfig },
  { file: "setup.py", read: readSetupScript },
];

const text = v.optional(v.fallback(v.optional(v.string()), undefined));
const texts = v.optional(v.fallback(v.record(v.string(), v.unknown()), {}), {});

const people = v.optional(
  v.fallback(
    v.array(
      v.union([
        v.string(),
        v.object({ name: v.optional(v.string()), email: v.optional(v.string()) }),
      ]),
    ),
    [],
  ),
  [],
);

const license = v.optional(
  v.fallback(
    v.optional(v.union([v.string(), v.object({ text: v.optional(v.string()) })])),
    undefined,
  ),
);

const tableSchema = v.object({
  ...{ name: text, version: text, description: text, homepage: text, repository: text },
  ...{ authors: people, license, urls: texts },
});

const projectSchema = v.object({
  project: v.optional(v.fallback(v.optional(tableSchema), undefined)),
  tool: v.optional(
    v.fallback(
      v.object({ poetry: v.optional(v.fallback(v.optional(tableSchema), undefined)) }),
      {},
    ),
    {},
  ),
});

function readFile(file: string | undefined, read: (text: string) => Found): Found {
  try {
    return file === undefined ? {} : read(file);
  } catch {
    // Whoever installs it says what is wrong with it.
    return {};
  }
}

/** [project] before [tool.poetry], key by key: with poetry 2, both are there. */
function readProject(file: string): Found {
  const { project, tool } = v.parse(projectSchema, parseTOML(file));
  return { ...ofTable(tool.poetry), ...definedOnly(ofTable(project)) };
}

function ofTable(table: v.InferOutput<typeof tableSchema> | undefined): Found {
  if (table === undefined) return {};
  const { authors, urls } = table;
  const [person] = authors;
  const author =
    typeof person === "string"
      ? person.replace(/\s*<[^>]*>\s*$/, "")
      : (person?.name ?? person?.email);
  const url = Object.entries(urls).find(([key]) => /^(homepage|home|website)$/i.test(key))?.[1];
  const source = Object.entries(urls).find(([key]) =>
    /^(source|repository|source code|github)$/i.test(key),
  )?.[1];
  const homepage = table.homepage ?? asText(url) ?? table.repository ?? asText(source);
  const name = typeof table.license === "string" ? table.license : table.license?.text;
  return {
    ...{ name: table.name, version: table.version, description: table.description },
    ...{ author, license: name, homepage },
  };
}

function readSetupConfig(file: string): Found {
  const section = /^\[metadata\][^\S\n]*\n((?:(?!\[)[^\n]*(?:\n|$))*)/m.exec(file)?.[1] ?? "";
  const value = (key: string) =>
    new RegExp(`^${key}[^\\S\\n]*[=:][^\\S\\n]*([^\\n]+)`, "m").exec(section)?.[1];
  // `attr: package.__version__` and `file: VERSION` are read by setuptools.
  const version = value("version");
  return {
    ...{ name: value("name"), description: value("description"), author: value("author") },
    ...{ license: value("license"), homepage: value("url") },
    version: version !== undefined && /^(attr|file):/.test(version) ? undefined : version,
  };
}

/** What is written down in the call of setup(); what is computed is not known before it is run. */
function readSetupScript(file: string): Found {
  const call = /\bsetup\s*\(([\s\S]*)/.exec(file.slice(0, 256 * 1024))?.[1] ?? "";
  const value = (key: string) =>
    new RegExp(`(?:^|[\\s,(])${key}\\s*=\\s*(["'])([^"'\\n]+)\\1\\s*[,)\\n]`).exec(call)?.[2];
  return {
    ...{ name: value("name"), version: value("version"), description: value("description") },
    ...{ author: value("author"), license: value("license"), homepage: value("url") },
  };
}

/** One line each, and no longer than a person reads. */
function clean(found: Found): AppDescription {
  const entries = Object.entries(found).flatMap(([key, value]) => {
    const line = value?.replace(/\s+/g, " ").trim().slice(0, 500) ?? "";
    return line === "" || line === "UNKNOWN" ? [] : [[key, line]];
  });
  return Object.fromEntries(entries) as AppDescription;
}

function definedOnly(found: Found): Found {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
