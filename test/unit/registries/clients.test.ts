import { expect, test } from "bun:test";
import type { ClientFacts } from "../../../src/registries/clients.ts";
import { allClients, REGISTRIES, REGISTRY_SETTINGS } from "../../../src/registries/registries.ts";

const FACTS: ClientFacts = {
  settings: {},
  folder: "/s",
  certificates: null,
  caches: {},
  ignoresDates: false,
  image: { read: () => undefined, list: () => [], isMounted: () => false },
};

const ALWAYS = {
  CARGO_HOME: "/s",
  CARGO_REGISTRIES_CRATES_IO_PROTOCOL: "sparse",
  CARGO_NET_GIT_FETCH_WITH_CLI: "true",
  GOTOOLCHAIN: "local",
  GOPATH: "/s/go",
  GOMODCACHE: "/var/tmp/nua-tools/go/mod",
  GOCACHE: "/s/gobuild",
  npm_config_omit_lockfile_registry_resolved: "true",
  npm_config_cache: "/s/npm",
};

test("without settings, programs read from where they always do", () => {
  expect(allClients(FACTS)).toEqual({ env: ALWAYS, files: [] });
});

test("settings become the variables of pip, npm and yarn", () => {
  const settings = { pipIndex: "https://u:p@index/simple", npmRegistry: "http://npm:4873/" };
  const { env } = allClients({ ...FACTS, settings: { ...settings, pipTrustedHost: "index" } });
  expect(env).toEqual({
    ...ALWAYS,
    PIP_INDEX_URL: "https://u:p@index/simple",
    UV_INDEX_URL: "https://u:p@index/simple",
    PIP_TRUSTED_HOST: "index",
    UV_INSECURE_HOST: "index",
    npm_config_registry: "http://npm:4873/",
    pnpm_config_registry: "http://npm:4873/",
    YARN_NPM_REGISTRY_SERVER: "http://npm:4873/",
    YARN_UNSAFE_HTTP_WHITELIST: "npm",
  });
});

test("a password for npm stands in a file, and in no address", () => {
  const { env, files } = allClients({
    ...FACTS,
    settings: { npmRegistry: "https://me:s%40crt@npm.example/root" },
  });
  expect(env).toMatchObject({
    npm_config_registry: "https://npm.example/root",
    npm_config_userconfig: "/s/npmrc",
    YARN_NPM_AUTH_IDENT: "me:s@crt",
  });
  const text = `//npm.example/root/:_auth=${btoa("me:s@crt")}\nalways-auth=true\n`;
  expect(files).toEqual([{ path: "/s/npmrc", text }]);
});

test("gems come from the mirror, for bundler and for gem", () => {
  const settings = { gemMirror: "http://gems/", rubyMirror: "http://ruby/" };
  const { env, files } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({
    BUNDLE_MIRROR__ALL: "http://gems/",
    GEMRC: "/s/gemrc",
    NUA_RUBY_MIRROR: "http://ruby/",
  });
  expect(files).toEqual([{ path: "/s/gemrc", text: ':sources:\n- "http://gems/"\n' }]);
});

test("Go modules come from the proxy, but for private ones", () => {
  const settings = { goProxy: "https://go/", goPrivate: "git.example/*", goSumdb: "off" };
  const { env } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({
    GOPROXY: "https://go/",
    GOPRIVATE: "git.example/*",
    GOSUMDB: "off",
    NUA_GO_PROXY: "https://go/",
    NUA_GO_SUMDB: "off",
  });
});

test("crates come from the mirror's index, and Rust from the server that is named", () => {
  const settings = { cargoIndex: "https://crates/index", rustDist: "https://rust/" };
  const { env, files } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({ CARGO_HOME: "/s", NUA_RUST_DIST: "https://rust/" });
  const text =
    '[source.crates-io]\nreplace-with = "nua"\n\n[source.nua]\nregistry = "sparse+https://crates/index/"\n';
  expect(files).toEqual([{ path: "/s/config.toml", text }]);
});

test("git, and what calls it, reads other addresses than are written", () => {
  const { env } = allClients({ ...FACTS, settings: { rewrites: "git@h:=https://h/ a=b" } });
  expect(env).toMatchObject({
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "url.https://h/.insteadOf",
    GIT_CONFIG_VALUE_0: "git@h:",
    GIT_CONFIG_KEY_1: "url.b.insteadOf",
    GIT_CONFIG_VALUE_1: "a",
  });
});

test("the build's certificates are trusted, by Node beside its own", () => {
  const certificates = { all: "/s/all.pem", added: "/s/added.pem" };
  const { env, files } = allClients({ ...FACTS, certificates });
  expect(env).toEqual({
    ...ALWAYS,
    APT_CONFIG: "/s/apt.conf",
    PIP_CERT: "/s/all.pem",
    REQUESTS_CA_BUNDLE: "/s/all.pem",
    NODE_EXTRA_CA_CERTS: "/s/added.pem",
    BUNDLE_SSL_CA_CERT: "/s/all.pem",
    CARGO_HTTP_CAINFO: "/s/all.pem",
    GIT_SSL_CAINFO: "/s/all.pem",
  });
  expect(files).toEqual([{ path: "/s/apt.conf", text: 'Acquire::https::CAInfo "/s/all.pem";\n' }]);
});

test("caches of the builder's are used, and what apt downloads stays in them", () => {
  const parts: Record<string, string> = { "50nua": "kept", "docker-clean": "rm" };
  const { env, files } = allClients({
    ...FACTS,
    caches: { npm: "/c/npm", pip: "/c/pip" },
    image: {
      read: (path) => parts[path.replace("/etc/apt/apt.conf.d/", "")],
      list: (path) => (path === "/etc/apt/apt.conf.d" ? ["50nua", "docker-clean", "more/"] : []),
      isMounted: (folder) => folder === "/var/cache/apt",
    },
  });
  expect(env).toMatchObject({ npm_config_cache: "/c/npm", PIP_CACHE_DIR: "/c/pip" });
  expect(Object.hasOwn(env, "PIP_NO_CACHE_DIR")).toBe(true);
  expect(files).toEqual([
    { path: "/s/apt.conf.d/50nua", text: "kept" },
    { path: "/s/apt.conf", text: 'Dir::Etc::parts "/s/apt.conf.d";\n' },
  ]);
});

test("of a recording, apt does not mind the dates", () => {
  const [file] = allClients({ ...FACTS, ignoresDates: true }).files;
  expect(file?.text).toContain('Acquire::Check-Valid-Until "false";');
});

test("each registry and setting has names of its own", () => {
  for (const names of [
    REGISTRIES.map(({ kind }) => kind),
    REGISTRY_SETTINGS.map(({ name }) => name),
    REGISTRY_SETTINGS.map(({ variable }) => variable),
    REGISTRY_SETTINGS.map(({ key }) => key),
  ]) {
    expect(names).toEqual([...new Set(names)]);
  }
});
