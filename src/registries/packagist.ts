/** Packagist: metadata of Composer's packages; their files are where that says. */
import { takeCredentials } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, hasBelow, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

export const PACKAGIST = "https://repo.packagist.org/";

export const packagist = defineRegistry({
  kind: "composer",
  settings: [
    {
      ...{ name: "packagistMirror", variable: "NUA_PACKAGIST_MIRROR", key: "packagist.mirror" },
      about: "Address of a mirror of Packagist",
      holds: "address",
      check: { name: "mirror of Packagist", path: "packages.json" },
    },
  ],

  /** "Composer/2.5.5 (Linux; …; PHP 8.2.29; cURL 7.88.1)". */
  agents: { composer: "composer" },

  /** Archives of packages, and what says which there are. */
  caches: [{ name: "composer", isShared: false }],

  /** Source: getcomposer.org, "Config", "Command-line interface", "HTTP basic authentication". */
  clients({ settings: { packagistMirror }, folder, certificates }) {
    const home = `${folder}/composer-home`;
    return {
      env: {
        COMPOSER_HOME: home,
        COMPOSER_CACHE_DIR: `${folder}/composer`,
        ...(certificates === null ? {} : { COMPOSER_CAFILE: certificates.all }),
      },
      files: homeFiles(home, packagistMirror),
    };
  },

  destinations: ({ url }, { packagistMirror }) =>
    mirrored(url, [PACKAGIST, "https://packagist.org/"], packagistMirror),

  // It tells of the first that it lacks; with what has come it goes further.
  askForRest: (command) => (command.argv[0] === "composer" ? [command] : undefined),

  identify: (address) => readDist(address) ?? readIndex(address),

  indexedPackage(address) {
    if (!isMetadata(address)) return undefined;
    return { kind: "composer", name: nameOf(address.segments), version: "" };
  },

  nameOf,

  /** What a forge hands out is known by its revision, and by the repository's name. */
  packageUrl({ name, version }) {
    const path = name.split("/").map(encode).join("/");
    return `pkg:${/^[0-9a-f]{40}$/.test(version) ? "github" : "composer"}/${path}@${encode(version)}`;
  },

  wanted: [
    { file: /^composer\.lock$/, find: findInLock },
    { file: /^composer\.json$/, find: anyVersion(packageNames) },
    IN_CONFIG,
  ],
});

// --- internal ---

interface HomeConfig {
  config: Record<string, unknown>;
  repositories?: Record<string, unknown>;
}

/** What holds for all projects; passwords stand in a file, and in no address. */
function homeFiles(home: string, mirror: string | undefined): { path: string; text: string }[] {
  // Nobody is told which packages a build has installed.
  const all: HomeConfig = { config: { "notify-on-install": false } };
  const files = [{ path: `${home}/config.json`, value: all as object }];
  if (mirror !== undefined) {
    const credentials = takeCredentials(mirror.trim());
    const url = withSlash(credentials?.url ?? mirror.trim());
    // Composer refuses what is not encrypted unless it is told.
    if (!url.startsWith("https:")) all.config["secure-http"] = false;
    all.repositories = { "packagist.org": { type: "composer", url: url.replace(/\/$/, "") } };
    if (credentials !== undefined) {
      const { name, password } = credentials;
      const basic = { [new URL(url).host]: { username: name, password } };
      files.push({ path: `${home}/auth.json`, value: { "http-basic": basic } });
    }
  }
  return files.map(({ path, value }) => ({ path, text: `${JSON.stringify(value)}\n` }));
}

/**
 * An archive of a package: as mirrors lay them out, `…/VENDOR/NAME/VERSION/REFERENCE.zip`, below a
 * folder `dist` or `dists`; or what GitHub hands out for a revision.
 */
function readDist({ segments, file, plain, client }: Address): Item | undefined {
  const [folder = "", vendor = "", name = "", version = ""] = segments.slice(-5, -1);
  if (/^dists?$/.test(folder) && /\.(?:zip|tar)$/.test(file)) {
    return { kind: "composer", name: `${vendor}/${name}`, version: plainVersion(version) };
  }
  const forge =
    /^https:\/\/(?:api\.github\.com\/repos|codeload\.github\.com)\/([^/]+\/[^/]+)\/(?:zipball|legacy\.zip)\/(?:refs\/tags\/)?([^/]+)$/;
  const [, repository, revision] = forge.exec(plain) ?? [];
  if (repository === undefined || client !== "composer") return undefined;
  return { kind: "composer", name: repository.toLowerCase(), version: revision! };
}

/** Composer fills versions up to four numbers: 1.2.3.0. */
function plainVersion(version: string): string {
  return version.replace(/^v(?=\d)/, "").replace(/^(\d+\.\d+\.\d+)\.0$/, "$1");
}

function readIndex(address: Address): Item | undefined {
  const { plain, client, file } = address;
  const isComposer = client === "composer" || plain.startsWith(PACKAGIST);
  const isList = file === "packages.json" || file === "list.json";
  return isComposer && (isList || isMetadata(address)) ? indexItem(plain) : undefined;
}

/** `p2/VENDOR/NAME.json`, and `p2/VENDOR/NAME~dev.json` for branches. */
function isMetadata({ segments, file, client, plain }: Address): boolean {
  const isComposer = client === "composer" || plain.startsWith(PACKAGIST);
  return isComposer && segments.length >= 3 && segments.at(-3) === "p2" && file.endsWith(".json");
}

function nameOf(segments: readonly string[]): string {
  const [vendor = "", file = ""] = segments.slice(-2);
  return `${vendor}/${file.replace(/\.json$/, "").replace(/~dev$/, "")}`;
}

/** `"name": "vendor/name",` and below `"version": "v1.2.3",` */
function findInLock(...[lines, { name }, version]: Parameters<WantedRule["find"]>): number {
  const wanted = /^[0-9a-f]{40}$/.test(version) ? REFERENCE : VERSION;
  return lines.findIndex((line, at) => {
    const [, found] = /^\s*"name": "([^"]+)",?$/.exec(line) ?? [];
    if (found?.toLowerCase() !== name) return false;
    return (
      hasBelow(lines, at, version, wanted, /^ {8}\}/) ||
      hasBelow(lines, at, `v${version}`, wanted, /^ {8}\}/)
    );
  });
}

const VERSION = /^\s*"version": "([^"]+)"/;
const REFERENCE = /^\s*"reference": "([^"]+)"/;

function packageNames(line: string): string[] {
  return [...line.matchAll(/"([a-z0-9][\w.-]*\/[a-z0-9][\w.-]*)"\s*:/gi)].map(([, name]) =>
    name!.toLowerCase(),
  );
}
