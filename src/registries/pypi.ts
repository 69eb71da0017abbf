/** Indexes of Python packages (PEP 503), for pip, uv and poetry. */
import { publicUrl } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";
import { type Address, FORGE_ARCHIVE } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { type Destination, mirrored } from "./mirror.ts";
import { encode, fileName, qualifiers } from "./package-url.ts";
import { askForRequirements } from "./pip-requirements.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, hasBelow, type WantedRule } from "./wanted-line.ts";

export const pypi = defineRegistry({
  kind: "pypi",
  settings: [
    {
      ...{ name: "pipIndex", variable: "NUA_PIP_INDEX", key: "pip.index" },
      about: "Address of a Python package index",
      holds: "address",
      check: { name: "pip index", path: "" },
    },
    {
      ...{ name: "pipTrustedHost", variable: "NUA_PIP_TRUSTED_HOST", key: "pip.trusted-host" },
      about: "Host of an index without HTTPS",
      holds: "hosts",
    },
  ],

  installs: [{ name: null, markers: ["pyvenv.cfg"], detail: "a virtual environment of Python" }],

  askForRest: askForRequirements,

  caches: [{ name: "pip", isShared: true }],

  clients({ settings: { pipIndex, pipTrustedHost }, certificates, caches }) {
    const { pip } = caches;
    return {
      env: {
        ...(pipIndex === undefined ? {} : { PIP_INDEX_URL: pipIndex, UV_INDEX_URL: pipIndex }),
        ...(pipTrustedHost === undefined
          ? {}
          : { PIP_TRUSTED_HOST: pipTrustedHost, UV_INSECURE_HOST: pipTrustedHost }),
        ...(certificates === null
          ? {}
          : { PIP_CERT: certificates.all, REQUESTS_CA_BUNDLE: certificates.all }),
        // The image's variable would have pip keep nothing, whatever its value.
        ...(pip === undefined ? {} : { PIP_CACHE_DIR: pip, PIP_NO_CACHE_DIR: undefined }),
      },
    };
  },

  destinations({ url }, { pipIndex }) {
    if (pipIndex === undefined) return [];
    const found = mirrored(url, [PUBLIC_INDEX], pipIndex);
    return found.length > 0 ? found : linkDestinations(url, publicUrl(withSlash(pipIndex)));
  },

  identify: readWheel,

  guess: (address) => readSdist(address) ?? readIndex(address),

  indexedPackage({ path }) {
    const name = /\/simple\/([^/]+)$/.exec(path)?.[1];
    return name === undefined ? undefined : { kind: "pypi", name, version: "" };
  },

  nameOf: (segments) => normalizeName(segments.at(-1) ?? ""),

  packageUrl({ name, version, url }) {
    return `pkg:pypi/${encode(name)}@${encode(version)}${qualifiers({ file_name: fileName(url) })}`;
  },

  wanted: [
    { file: /^((poetry|uv|pdm)\.lock|pylock\.toml|.+\.py\.lock)$/, find: findInLock },
    { file: /^Pipfile\.lock$/, find: anyVersion(names) },
    { file: /requirements.*\.(txt|in)$/, find: findInRequirements },
    { file: /^(pyproject\.toml|setup\.(py|cfg)|Pipfile)$/, find: anyVersion(names) },
    { file: /^nua-config\./, find: anyVersion(names) },
  ],
});

// --- internal ---

const PUBLIC_INDEX = "https://pypi.org/simple/";

/**
 * What a page of the index links to without naming a host: below its own address, as some
 * mirrors have it, or below their host's; else it is of the public index after all.
 */
function linkDestinations(url: string, index: string): Destination[] {
  const { origin } = new URL(PUBLIC_INDEX);
  if (!url.startsWith(`${origin}/`)) return [];
  const path = url.slice(origin.length + 1);
  const urls = [new URL(`../${path}`, index).href, new URL(`/${path}`, index).href, url];
  return [...new Set(urls)].map((one) => ({ url: one, mirror: null }));
}

/** As indexes have it (PEP 503). */
function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Binary distribution format (PEP 427): NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl. */
function readWheel({ plain, file }: Address): Item | undefined {
  // PEP 658: what a wheel depends on, without the wheel.
  if (/\.(whl|tar\.gz|zip)\.metadata$/.test(file)) return indexItem(plain);
  const parts = file.endsWith(".whl") ? file.slice(0, -4).split("-") : [];
  if (parts.length < 5 || parts.length > 6) return undefined;
  const [name = "", version = ""] = parts;
  const platform = parts.at(-1)!;
  const item = { kind: "pypi", name: normalizeName(name), version };
  return platform === "any" ? item : { ...item, arch: platform };
}

const CLIENT = /^(pip|uv|poetry|pdm|python-requests|python-urllib|python-httpx|setuptools)$/i;

/** NAME-VERSION.tar.gz (PEP 625), and what was usual before. */
function readSdist({ file, path, client }: Address): Item | undefined {
  const match = /^(.+?)-(v?\d[\w.!+]*?)\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)$/i.exec(file);
  const [, name, version] = match ?? [];
  const isIndexed = /\/(packages|simple)\/|\/\+f\//.test(path);
  // A forge's archive of a repository has such a name as well.
  const isPython = CLIENT.test(client) || isIndexed;
  if (!name || !version || !isPython || FORGE_ARCHIVE.test(path)) return undefined;
  return { kind: "pypi", name: normalizeName(name), version };
}

function readIndex({ plain, path, accept }: Address): Item | undefined {
  const isPage = /\/simple(\/[^/]+)?$/.test(path) || /\/pypi\/[^/]+(\/[^/]+)?\/json$/.test(path);
  const isAsked = accept?.includes("application/vnd.pypi.simple") === true;
  return isPage || isAsked ? indexItem(plain) : undefined;
}

/** `"flask>=3"`, `flask = "^3"`, `  flask` of a list. */
function names(line: string): string[] {
  const found = line.matchAll(/(?:^\s*-?\s*|["'])([A-Za-z0-9][A-Za-z0-9._-]*)/g);
  return [...found].map(([, name]) => normalizeName(name!));
}

type Find = Parameters<WantedRule["find"]>;

/** `[[package]]`, `name = "flask"`, `version = "3.0.0"` */
function findInLock(...[lines, { name }, version]: Find): number {
  return lines.findIndex((line, at) => {
    const [, found] = /^name = "([^"]+)"$/.exec(line) ?? [];
    if (found === undefined || normalizeName(found) !== name) return false;
    return hasBelow(lines, at, version, /^version = "([^"]+)"$/, /^\[\[/);
  });
}

/** `flask[async]==3.0.0 ; python_version > "3.8" --hash=…` */
function findInRequirements(...[lines, { name }, version]: Find): number {
  return lines.findIndex((line) => {
    const [, found, pinned] =
      /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;,\\#]+))?/.exec(line) ??
      [];
    if (found === undefined || normalizeName(found) !== name) return false;
    return version === "" || pinned === version;
  });
}
