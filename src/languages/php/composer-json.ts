/** Reads composer.json: what an app in PHP says of itself. Source: getcomposer.org, "The composer.json schema". */
import * as v from "valibot";
import { NuaError } from "../../lib/errors.ts";
import { jsonProblem } from "../../lib/json-problem.ts";
import { oncePer } from "../../lib/once-per.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";

export const MANIFEST = "composer.json";
export const LOCK = "composer.lock";

export type Texts = Readonly<Record<string, string>>;

export interface ComposerJson {
  name?: string | undefined;
  version?: string | undefined;
  description?: string | undefined;
  homepage?: string | undefined;
  license?: string | undefined;
  author?: string | undefined;
  type?: string | undefined;
  require: Texts;
  requireDev: Texts;
  /** Platform packages that it says to be there. */
  provided: ReadonlySet<string>;
  /** `config.platform`: what Composer takes to be there; false: what it takes not to be. */
  platform: Readonly<Record<string, string | false>>;
  /** Relative to the app. */
  vendorDir: string;
  /** Folders of packages that the app itself brings, patterns as well. */
  paths: readonly string[];
  /** Events with scripts. */
  scripts: ReadonlySet<string>;
  /** Everything that the file says, as it says it. */
  raw: Readonly<Record<string, unknown>>;
}

/**
 * Null where there is none. What has another form than Composer expects is left out.
 * @throws NuaError (input) for what is no JSON, or no object
 */
export const readComposerJson = oncePer((tree: SourceTree): ComposerJson | null => {
  if (!tree.has(MANIFEST)) return null;
  const raw = readJsonObject(tree, MANIFEST);
  const { config, authors, license, provide, replace, repositories, ...fields } = v.parse(
    schema,
    raw,
  );
  const [, vendorDir = "vendor"] =
    /^(?:\.\/)?((?!\.\.?(?:\/|$))[\w.@-]+(?:\/(?!\.\.?(?:\/|$))[\w.@-]+)*)\/?$/.exec(
      config["vendor-dir"] ?? "",
    ) ?? [];
  return {
    ...{ raw, vendorDir, require: fields.require, requireDev: fields["require-dev"] },
    ...{ name: fields.name, version: fields.version, type: fields.type },
    ...{ description: fields.description, homepage: fields.homepage },
    license: typeof license === "string" ? license : license?.find((one) => one !== ""),
    author: authors.find(({ name }) => name !== undefined)?.name,
    provided: new Set([...Object.keys(provide), ...Object.keys(replace)]),
    platform: platformOf(config.platform),
    paths: Object.values(repositories).flatMap(({ type, url }) =>
      type === "path" && url !== undefined ? [url] : [],
    ),
    scripts: new Set(Object.keys(fields.scripts)),
  };
});

export function hasComposerJson(tree: SourceTree): boolean {
  return tree.has(MANIFEST);
}

/**
 * A file with one object of JSON.
 * @throws NuaError (input) for another
 */
export function readJsonObject(tree: SourceTree, file: string): Record<string, unknown> {
  const text = tree.text(file);
  if (text === undefined) {
    throw new NuaError("input", `Read "${file}": it is no readable text`, { file });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    rejectConflict(file, text);
    const problem = jsonProblem(text);
    const said = problem?.message ?? (cause as Error).message.split("\n")[0];
    throw new NuaError("input", `Read "${file}": not valid JSON: ${said}`, {
      ...{ file, position: problem?.position, cause },
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new NuaError("input", `Read "${file}": expected an object`, {
    ...{ file, position: { line: 1, column: 1 } },
  });
}

/** A key of a file of JSON, with its line: each of the keys is looked for after the one before. */
export function originIn(tree: SourceTree, file: string, ...keys: string[]): Origin {
  const text = tree.text(file) ?? "";
  let at = 0;
  for (const key of keys) {
    const found = text.indexOf(JSON.stringify(key), at);
    const escaped =
      found < 0 ? text.indexOf(JSON.stringify(key).replaceAll("/", "\\/"), at) : found;
    if (escaped < 0) return { what: file };
    at = escaped;
  }
  return { what: file, line: text.slice(0, at).split("\n").length };
}

// --- internal ---

const text = v.fallback(v.optional(v.string()), undefined);

/** PHP writes an empty object as an empty list. */
const record = v.pipe(
  v.unknown(),
  v.transform((value) => (Array.isArray(value) ? {} : value)),
  v.fallback(v.record(v.string(), v.unknown()), {}),
);

const texts = v.pipe(
  record,
  v.transform(
    (found) =>
      Object.fromEntries(
        Object.entries(found).filter(([, value]) => typeof value === "string"),
      ) as Record<string, string>,
  ),
);

const repository = v.fallback(v.object({ type: text, url: text }), {});

const schema = v.object({
  ...{ name: text, version: text, description: text, homepage: text, type: text },
  license: v.fallback(v.optional(v.union([v.string(), v.array(v.string())])), undefined),
  authors: v.fallback(v.optional(v.array(v.fallback(v.object({ name: text }), {})), []), []),
  ...{ require: v.optional(texts, {}), "require-dev": v.optional(texts, {}) },
  ...{ provide: v.optional(texts, {}), replace: v.optional(texts, {}) },
  scripts: v.optional(record, {}),
  repositories: v.fallback(
    v.optional(v.union([v.array(repository), v.record(v.string(), repository)]), []),
    [],
  ),
  config: v.fallback(
    v.optional(v.object({ "vendor-dir": text, platform: v.optional(record, {}) }), {
      platform: {},
    }),
    { platform: {} },
  ),
});

function platformOf(found: Record<string, unknown>): Record<string, string | false> {
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => typeof value === "string" || value === false),
  ) as Record<string, string | false>;
}
