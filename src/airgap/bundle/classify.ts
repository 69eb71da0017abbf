/** Pure: what an address gives, from the address and who asked. First match wins. */
import type { Exchange } from "../../protocol/exchanges.ts";
import type { Item } from "./item.ts";

/** As much of an exchange as tells what it is about; of one that failed there is no more. */
export type Question = Pick<Exchange, "method" | "url" | "client"> &
  Partial<Pick<Exchange, "accept" | "headers" | "detail">>;

export function classify(question: Question): Item {
  const address = readAddress(question);
  for (const rule of RULES) {
    const item = rule(address);
    if (item !== undefined) return item;
  }
  return { kind: "file", name: address.plain, version: "" };
}

/** A Python package's name as indexes have it (PEP 503). */
export function normalizePythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

// --- internal ---

interface Address {
  question: Question;
  /** Without query: that may hold a signature, and says nothing about what it is. */
  plain: string;
  /** Of the path, decoded. */
  segments: string[];
  /** The last one. */
  file: string;
  /** The path, decoded. */
  path: string;
  query: string;
}

type Rule = (address: Address) => Item | undefined;

const RULES: readonly Rule[] = [
  readGit,
  readDeb,
  readAptIndex,
  readWheel,
  readGem,
  readGemIndex,
  readNpm,
  readSdist,
  readPythonIndex,
  readNpmIndex,
];

function readAddress(question: Question): Address {
  const [withoutQuery = "", query = ""] = question.url.split(/[?#]/, 2);
  const path = withoutQuery.replace(/^[a-z+]+:\/\/[^/]*/i, "");
  const segments = path.split("/").map(decode).flatMap(splitScope).filter(Boolean);
  return {
    question,
    plain: withoutQuery,
    segments,
    file: segments.at(-1) ?? "",
    path: `/${segments.join("/")}`,
    query,
  };
}

/** npm asks for `@scope%2fname`. */
function splitScope(segment: string): string[] {
  return segment.startsWith("@") ? segment.split("/") : [segment];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * A repository that nua-build has packed, by the name that it has for it; and what else clones, at
 * the two addresses of a repository that are read: gitprotocol-http(5).
 */
function readGit({ plain, file, query, question }: Address): Item | undefined {
  const [, address, revision = ""] = /^git\+(.+)@([^@]+)$/.exec(question.url) ?? [];
  if (address !== undefined) {
    return { kind: "git", name: address, version: question.detail ?? revision };
  }
  const isRefs = file === "refs" && /(^|&)service=git-upload-pack/.test(query);
  if (!isRefs && file !== "git-upload-pack") return undefined;
  const name = plain.replace(/\/(info\/refs|git-upload-pack)$/, "");
  return { kind: "git", name, version: question.detail ?? "" };
}

/** deb-version(7): an underscore parts name, version and architecture. */
function readDeb({ file }: Address): Item | undefined {
  const [, name, version, arch] = /^([^_]+)_([^_]+)_([^_]+)\.u?deb$/.exec(file) ?? [];
  return name && version && arch ? { kind: "deb", name, version, arch } : undefined;
}

const APT_LISTS =
  /^(InRelease|Release|Release\.gpg|(Packages|Sources|Index|Contents|Translation)\b)/;

function readAptIndex({ plain, file, path }: Address): Item | undefined {
  const isList = /\/dists\//.test(path) && (APT_LISTS.test(file) || /\/by-hash\//.test(path));
  return isList || APT_LISTS.test(file) ? indexItem(plain) : undefined;
}

/** Binary distribution format (PEP 427): NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl. */
function readWheel({ plain, file }: Address): Item | undefined {
  // PEP 658: what a wheel depends on, without the wheel.
  if (/\.(whl|tar\.gz|zip)\.metadata$/.test(file)) return indexItem(plain);
  const parts = file.endsWith(".whl") ? file.slice(0, -4).split("-") : [];
  if (parts.length < 5 || parts.length > 6) return undefined;
  const [name = "", version = ""] = parts;
  const platform = parts.at(-1)!;
  const item = { kind: "pypi", name: normalizePythonName(name), version } as const;
  return platform === "any" ? item : { ...item, arch: platform };
}

/** What may follow the version of a gem. */
const GEM_PLATFORM =
  /^(x86|x64|x86_64|i[3-6]86|amd64|arm|armv\w+|arm64|aarch64|universal|java|jruby|mswin|mingw|s390x?|ppc\w*|powerpc\w*|riscv\w*|mips\w*)/;

function readGem({ file }: Address): Item | undefined {
  const match = /^(.+?)-(\d[\w.]*)(?:-(.+))?\.gem$/.exec(file);
  const [, name = "", version = "", platform] = match ?? [];
  if (match === null) return undefined;
  if (platform === undefined) return { kind: "gem", name, version };
  if (GEM_PLATFORM.test(platform)) return { kind: "gem", name, version, arch: platform };
  // A number in the middle of its name is not its version.
  const [, longName = "", last = ""] = /^(.+)-(\d[\w.]*)\.gem$/.exec(file) ?? [];
  return { kind: "gem", name: longName, version: last };
}

function readGemIndex({ plain, path, file, question }: Address): Item | undefined {
  const isSpecs = /^(latest_|prerelease_)?specs\.[\d.]+(\.gz)?$/.test(file);
  const isQuick = /\/quick\/Marshal\.[\d.]+\//.test(path);
  const isRuby = /^(ruby|rubygems|bundler|gem)$/i.test(question.client);
  const isCompact = isRuby && /(^\/|\/)(versions|names|info\/[^/]+|dependencies)$/.test(path);
  return isSpecs || isQuick || isCompact ? indexItem(plain) : undefined;
}

/** NAME/-/NAME-VERSION.tgz; some registries have /download/NAME/VERSION/… */
function readNpm({ segments, file, question }: Address): Item | undefined {
  const dash = segments.lastIndexOf("-");
  if (dash > 0 && file.endsWith(".tgz")) {
    const name = packageName(segments, dash);
    const version = file.slice(bare(name).length + 1, -4);
    return file.startsWith(`${bare(name)}-`) ? { kind: "npm", name, version } : undefined;
  }
  const download = segments.indexOf("download");
  if (download >= 0 && /^\d+\.\d+\.\d+/.test(segments.at(-2) ?? "")) {
    const name = packageName(segments, segments.length - 2);
    return { kind: "npm", name, version: segments.at(-2)! };
  }
  const [, name, version] = /^(.+?)-(\d+\.\d+\.\d+.*)\.tgz$/.exec(file) ?? [];
  if (!NPM_CLIENT.test(question.client) || !name || !version) return undefined;
  return { kind: "npm", name: withScope(segments, name), version };
}

const NPM_CLIENT = /^(npm|yarn|pnpm|node|bun|undici)$/i;

/** The name that ends before `end`. */
function packageName(segments: readonly string[], end: number): string {
  const scope = segments[end - 2] ?? "";
  const name = segments[end - 1] ?? "";
  return scope.startsWith("@") ? `${scope}/${name}` : name;
}

function withScope(segments: readonly string[], name: string): string {
  const scope = segments.findLast((segment) => segment.startsWith("@"));
  return scope === undefined ? name : `${scope}/${name}`;
}

function bare(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

const PYTHON_CLIENT =
  /^(pip|uv|poetry|pdm|python-requests|python-urllib|python-httpx|setuptools)$/i;

/** NAME-VERSION.tar.gz (PEP 625), and what was usual before. */
function readSdist({ file, path, question }: Address): Item | undefined {
  const match = /^(.+?)-(v?\d[\w.!+]*?)\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)$/i.exec(file);
  const [, name, version] = match ?? [];
  const isIndexed = /\/(packages|simple)\/|\/\+f\//.test(path);
  // A forge's archive of a repository has such a name as well.
  const isPython = PYTHON_CLIENT.test(question.client) || isIndexed;
  if (!name || !version || !isPython || FORGE.test(path)) return undefined;
  return { kind: "pypi", name: normalizePythonName(name), version };
}

function readPythonIndex({ plain, path, question }: Address): Item | undefined {
  const isPage = /\/simple(\/[^/]+)?$/.test(path) || /\/pypi\/[^/]+(\/[^/]+)?\/json$/.test(path);
  const isAsked = question.accept?.includes("application/vnd.pypi.simple") === true;
  return isPage || isAsked ? indexItem(plain) : undefined;
}

function readNpmIndex({ plain, path, question }: Address): Item | undefined {
  const type = question.headers?.["content-type"] ?? "";
  const isAsked = question.accept?.includes("application/vnd.npm.install") === true;
  const isDocument = NPM_CLIENT.test(question.client) && isDocumentPath(path);
  return isAsked || isDocument || /vnd\.npm\.install/.test(type) ? indexItem(plain) : undefined;
}

/** What registries tell has no extension, but names of packages may look like that. */
function isDocumentPath(path: string): boolean {
  return (
    !FORGE.test(path) && !/\.(t?gz|tar|bz2|xz|zip|node|exe|bin|sig|asc|txt|sha\w*)$/.test(path)
  );
}

/** Where a forge hands out archives of repositories. */
const FORGE = /\/(archive|releases|tar\.gz|zipball|tarball)\//;

function indexItem(name: string): Item {
  return { kind: "index", name, version: "" };
}
