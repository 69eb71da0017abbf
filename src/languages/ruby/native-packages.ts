/** Debian packages that native gems need to be compiled. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";

/** Gems that are linked with a library, and the packages with its headers. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  charlock_holmes: ["libicu-dev"],
  curb: ["libcurl4-openssl-dev"],
  ffi: ["libffi-dev"],
  "idn-ruby": ["libidn-dev"],
  mysql2: ["default-libmysqlclient-dev"],
  nokogiri: ["libxml2-dev", "libxslt1-dev"],
  pg: ["libpq-dev"],
  psych: ["libyaml-dev"],
  rmagick: ["libmagickwand-dev"],
  rugged: ["cmake", "libssl-dev", "pkg-config"],
  sqlite3: ["libsqlite3-dev"],
};

/**
 * A compiler wherever there are gems of others: few apps have none that is native.
 * @param runtime the language that the image starts from
 */
export function gemPackages(tree: SourceTree, runtime: string): string[] {
  const lock = tree.text("Gemfile.lock");
  const names = lock === undefined ? gemsOf(tree.text("Gemfile")) : lockedGems(lock);
  if (names.length === 0) return [];
  return [
    "build-essential",
    // The headers of a compiled Ruby came with it.
    ...(runtime === "ruby" ? [] : ["ruby-dev"]),
    ...names.flatMap((name) => HEADERS[name] ?? []),
    ...(lock !== undefined && /^GIT$/m.test(lock) ? ["git"] : []),
  ];
}

// --- internal ---

function gemsOf(gemfile = ""): string[] {
  return [...gemfile.matchAll(/^\s*gem\s*\(?\s*["']([\w.-]+)["'](.*)$/gm)]
    .filter(([, , rest = ""]) => !/\bpath:|:path\s*=>/.test(rest))
    .map(([, name = ""]) => name);
}

/** Of the sections for gem servers and git; a section PATH holds the app's own. */
function lockedGems(lock: string): string[] {
  return lock
    .split(/^(?=[A-Z])/m)
    .filter((section) => /^(GEM|GIT)\b/.test(section))
    .flatMap((section) => [...section.matchAll(/^ {4}([\w.-]+) \(/gm)])
    .map(([, name = ""]) => name);
}
