/**
 * Pure: reads a Staticfile: how a site is served, as the buildpack of that name has it (Cloud
 * Foundry, "Staticfile buildpack"), and `index_fallback`.
 */
import { NuaError } from "../../lib/errors.ts";
import { yaml } from "../../lib/yaml.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { SiteOptions, StaticSite } from "../language.ts";
import { rejectConflict } from "../merge-conflict.ts";

export const STATICFILE = "Staticfile";

export interface Staticfile {
  /** Relative to the app's source; undefined where it says nothing of it. */
  root?: string;
  /** The line of that. */
  rootLine?: number;
  fallback?: StaticSite["fallback"];
  options: SiteOptions;
  warnings: string[];
}

/**
 * @returns null where there is none
 * @throws NuaError (input) for a file that is no YAML
 */
export function readStaticfile(tree: SourceTree): Staticfile | null {
  const text = tree.text(STATICFILE);
  if (text === undefined) return null;
  const passwords = tree.has(PASSWORDS) ? { passwords: PASSWORDS } : {};
  const result: Staticfile = { options: passwords, warnings: [] };
  const flags = new Set<string>();
  for (const { key, value, line } of entriesOf(text)) {
    const apply = KEYS[key];
    const told = `${STATICFILE}:${line}: "${key}"`;
    if (apply === undefined) result.warnings.push(`${told} is not carried over`);
    else if (isOff(value)) continue;
    else apply(result, value, flags, line);
  }
  if (flags.has(HSTS)) {
    const words = HSTS_WORDS.filter(([flag]) => flags.has(flag)).map(([, word]) => word);
    result.options.hsts = words.join("; ");
  }
  return result;
}

/** A site with what a Staticfile says of it: that of another language, above all. */
export function withStaticfile(site: StaticSite, tree: SourceTree): StaticSite {
  const { root, fallback, options } = readStaticfile(tree) ?? { options: {} };
  return {
    ...site,
    ...(root === undefined ? {} : { folder: root }),
    ...(fallback === undefined ? {} : { fallback }),
    options: { ...options, ...site.options },
  };
}

// --- internal ---

const PASSWORDS = "Staticfile.auth";

const HSTS = "http_strict_transport_security";
const HSTS_WORDS = [
  [HSTS, "max-age=31536000"],
  [`${HSTS}_include_subdomains`, "includeSubDomains"],
  [`${HSTS}_preload`, "preload"],
] as const;

type Apply = (file: Staticfile, value: unknown, flags: Set<string>, line: number) => void;

const KEYS: Readonly<Record<string, Apply>> = {
  root: (file, value, _, line) => {
    if (typeof value !== "string" && typeof value !== "number") {
      throw unreadable("root: expected the name of a folder", { line, col: 1 });
    }
    file.root = String(value);
    file.rootLine = line;
  },
  pushstate: (file) => {
    file.fallback = "index";
  },
  index_fallback: (file, value) => {
    file.fallback = value === true || value === "true" ? "index" : "not found";
  },
  directory: (file) => {
    file.options.listing = true;
  },
  host_dot_files: (file) => {
    file.options.hidesDotFiles = false;
  },
  ssi: (file) => {
    file.options.includes = true;
  },
  force_https: (file) => {
    file.options.httpsOnly = true;
  },
  ...Object.fromEntries(
    HSTS_WORDS.map(([flag]): [string, Apply] => [flag, (_, __, flags) => flags.add(flag)]),
  ),
};

interface Pair {
  key: string;
  value: unknown;
  line: number;
}

function entriesOf(text: string): Pair[] {
  const { isMap, isScalar, LineCounter, parseDocument } = yaml;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [error] = document.errors;
  if (error) {
    rejectConflict(STATICFILE, text);
    const [from] = error.linePos ?? [{ line: 1, col: 1 }];
    throw unreadable(error.message.split("\n")[0]!.replace(/ at line .*$/, ""), from);
  }
  // An empty file says that this is a site, and no more.
  if (document.contents === null) return [];
  if (!isMap(document.contents)) throw unreadable("expected keys and values", { line: 1, col: 1 });
  return document.contents.items.map(({ key, value }) => ({
    key: isScalar(key) ? String(key.value) : "",
    value: isScalar(value) ? value.value : (value ?? null),
    line: isScalar(key) && key.range ? lineCounter.linePos(key.range[0]).line : 1,
  }));
}

function isOff(value: unknown): boolean {
  return value === null || value === "" || value === "disabled" || value === "hidden";
}

function unreadable(reason: string, { line, col }: { line: number; col: number }): NuaError {
  return new NuaError("input", `Read "${STATICFILE}": ${reason}`, {
    file: STATICFILE,
    position: { line, column: col },
  });
}
