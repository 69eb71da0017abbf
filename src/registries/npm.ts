/** The npm registry, for npm, pnpm, yarn and bun. */
import { publicUrl, takeCredentials } from "../lib/secrets.ts";
import { type Address, FORGE_ARCHIVE } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { refusedByNpm } from "./npm-versions.ts";
import { encode } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, hasBelow, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

export const PUBLIC_NPM_REGISTRY = "https://registry.npmjs.org/";

export const NPM_REGISTRY_VARIABLE = "NUA_NPM_REGISTRY";

export const npm = defineRegistry({
  kind: "npm",
  settings: [
    {
      ...{ name: "npmRegistry", variable: NPM_REGISTRY_VARIABLE, key: "npm.registry" },
      about: "Address of an npm registry",
      holds: "address",
      check: { name: "npm registry", path: "npm" },
    },
  ],

  installs: [
    {
      name: "node_modules",
      // Source: npm, "package-lock.json", hidden lockfiles; yarn 1; yarn, "nodeLinker"; pnpm,
      // "modules-dir"; Deno, "node_modules directory".
      markers: [
        ...[".package-lock.json", ".yarn-integrity", ".yarn-state.yml", ".modules.yaml", ".deno"],
      ],
      detail: "installed by a package manager",
    },
  ],

  refused: refusedByNpm,

  // What has come is in the client's cache, and more of the rest is asked for each time.
  askForRest: (command) => (CLIENTS.includes(command.argv[0] ?? "") ? [command] : undefined),

  caches: [
    { name: "npm", isShared: true },
    { name: "yarn", isShared: false },
    { name: "pnpm", isShared: true },
    { name: "bun", isShared: true },
  ],

  clients({ settings, folder, certificates, caches }) {
    const { npmRegistry, httpProxy, httpsProxy } = settings;
    const login = npmRegistry === undefined ? undefined : loginFile(npmRegistry, folder);
    return {
      env: {
        // Else a registry's address would stay in package-lock.json, also in that of node_modules:
        // images should be the same whichever it is.
        npm_config_omit_lockfile_registry_resolved: "true",
        // Without a cache of the builder's, npm leaves nothing in the app's home either.
        npm_config_cache: caches.npm ?? `${folder}/npm`,
        ...(npmRegistry === undefined ? {} : registryVariables(npmRegistry)),
        ...login?.env,
        // yarn 2 and later reads its own only.
        ...(httpProxy === undefined ? {} : { YARN_HTTP_PROXY: httpProxy }),
        ...(httpsProxy === undefined ? {} : { YARN_HTTPS_PROXY: httpsProxy }),
        // Node trusts its own beside these, whichever manager it runs; yarn's setting is called
        // otherwise by 2 and 3, which refuse the new name. A whole bundle would be read again by
        // each program, and by npm, as its cafile, for each connection.
        ...(certificates === null ? {} : { NODE_EXTRA_CA_CERTS: certificates.added }),
      },
      files: login === undefined ? [] : [login.file],
    };
  },

  destinations: ({ url }, { npmRegistry }) =>
    mirrored(url, [PUBLIC_NPM_REGISTRY, "https://registry.yarnpkg.com/"], npmRegistry),

  guess: (address) => readTarball(address) ?? readIndex(address),

  indexedPackage({ client, path }) {
    const name = /\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    const isAsked = /^(npm|yarn|pnpm|bun)$/.test(client);
    return isAsked && name !== undefined ? { kind: "npm", name, version: "" } : undefined;
  },

  nameOf(segments) {
    const scope = segments.at(-2)?.startsWith("@") ? `${segments.at(-2)}/` : "";
    return `${scope}${segments.at(-1) ?? ""}`;
  },

  packageUrl: ({ name, version }) =>
    `pkg:npm/${name.split("/").map(encode).join("/")}@${encode(version)}`,

  wanted: [
    { file: /^yarn\.lock$/, find: findInYarnLock },
    { file: /^(package-lock|npm-shrinkwrap)\.json$/, find: findInNpmLock },
    { file: /^pnpm-lock\.yaml$/, find: findInPnpmLock },
    { file: /^bun\.lock$/, find: findInBunLock },
    { file: /^deno\.lock$/, find: findInDenoLock },
    { file: /^package\.json$/, find: anyVersion(quotedKeys) },
    IN_CONFIG,
  ],
});

// --- internal ---

/** Programs that read from it. */
const CLIENTS = ["npm", "npx", "yarn", "pnpm", "bun"];

function registryVariables(registry: string): Record<string, string> {
  const open = publicUrl(registry);
  return {
    npm_config_registry: open,
    // pnpm 11 and later no longer reads npm's.
    pnpm_config_registry: open,
    YARN_NPM_REGISTRY_SERVER: open,
    // yarn 2 and later refuses plain http unless the host is named.
    ...(registry.startsWith("http:")
      ? { YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname }
      : {}),
  };
}

/** npm takes no password in an address: it stands in a file of its own, for that address. */
function loginFile(registry: string, folder: string) {
  const found = takeCredentials(registry);
  if (found === undefined) return undefined;
  const pair = `${found.name}:${found.password}`;
  const place = found.url.replace(/^[a-z]+:/, "").replace(/\/*$/, "/");
  const auth = Buffer.from(pair, "utf8").toString("base64");
  const path = `${folder}/npmrc`;
  return {
    env: {
      npm_config_userconfig: path,
      YARN_NPM_AUTH_IDENT: pair,
      YARN_NPM_ALWAYS_AUTH: "true",
    },
    file: { path, text: `${place}:_auth=${auth}\nalways-auth=true\n` },
  };
}

const CLIENT = /^(npm|yarn|pnpm|node|bun|undici)$/i;

/** NAME/-/NAME-VERSION.tgz; some registries have /download/NAME/VERSION/… */
function readTarball({ segments, file, client }: Address): Item | undefined {
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
  if (!CLIENT.test(client) || !name || !version) return undefined;
  return { kind: "npm", name: withScope(segments, name), version };
}

function readIndex({ plain, path, client, accept, headers }: Address): Item | undefined {
  const type = headers?.["content-type"] ?? "";
  const isAsked = accept?.includes("application/vnd.npm.install") === true;
  const isDocument = CLIENT.test(client) && isDocumentPath(path);
  return isAsked || isDocument || /vnd\.npm\.install/.test(type) ? indexItem(plain) : undefined;
}

/** What registries tell has no extension, but names of packages may look like that. */
function isDocumentPath(path: string): boolean {
  return (
    !FORGE_ARCHIVE.test(path) &&
    !/\.(t?gz|tar|bz2|xz|zip|node|exe|bin|sig|asc|txt|sha\w*)$/.test(path)
  );
}

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

function quotedKeys(line: string): string[] {
  return [...line.matchAll(/"([^"]+)"\s*:/g)].map(([, key]) => key!);
}

type Find = Parameters<WantedRule["find"]>;

/** yarn 1: `left-pad@^1.0.0:`, `  version "1.3.0"`; later: `"left-pad@npm:^1.0.0":`, `  version: 1.3.0` */
function findInYarnLock(...[lines, { name }, version]: Find): number {
  return lines.findIndex((line, at) => {
    if (!/^\S.*:$/.test(line)) return false;
    const wishes = line.slice(0, -1).replaceAll('"', "").split(/,\s*/);
    const isNamed = wishes.some(
      (wish) => wish.startsWith(`${name}@`) || wish.includes(`@npm:${name}@`),
    );
    return isNamed && hasBelow(lines, at, version, /^\s+version:? "?([^"]+)"?$/, /^\S/);
  });
}

/** `"node_modules/left-pad": {` from version 2 on, `"left-pad": {` before; then `"version": "1.3.0",` */
function findInNpmLock(...[lines, { name }, version]: Find): number {
  return lines.findIndex((line, at) => {
    const [, key = ""] = /^\s*"([^"]+)": \{$/.exec(line) ?? [];
    if (key !== name && !key.endsWith(`node_modules/${name}`)) return false;
    return hasBelow(lines, at, version, /^\s*"version": "([^"]+)",?$/, /[{}]\s*,?$/);
  });
}

/** `/left-pad@1.3.0:`, `left-pad@1.3.0(peer@2):`, `/left-pad/1.3.0:` */
function findInPnpmLock(...[lines, { name }, version]: Find): number {
  return lines.findIndex((line) => {
    const key = line.trim().replace(/^['"]?\/?/, "");
    if (version === "") return key.startsWith(`${name}@`) || key.startsWith(`${name}:`);
    return [`${name}@${version}`, `${name}/${version}`].some((start) => {
      return key.startsWith(start) && /^['"(:_]/.test(key.slice(start.length));
    });
  });
}

/** `"left-pad": ["left-pad@1.3.0", "", {}, "sha512-…"],` */
function findInBunLock(...[lines, { name }, version]: Find): number {
  const start = `["${name}@${version}${version === "" ? "" : '"'}`;
  return lines.findIndex((line) => /^\s*"[^"]+": \[/.test(line) && line.includes(start));
}

/** `"left-pad@1.3.0": {`, with what its peers are: `"a@1.0.0_b@2.0.0": {`; the wish comes before. */
function findInDenoLock(...[lines, { name }, version]: Find): number {
  const starts = version === "" ? [`"npm:${name}@`, `"npm:${name}"`] : [`"${name}@${version}`];
  return lines.findIndex((line) => {
    const start = starts.find((one) => line.trim().startsWith(one));
    return start !== undefined && (version === "" || /^["_]/.test(line.trim().slice(start.length)));
  });
}
