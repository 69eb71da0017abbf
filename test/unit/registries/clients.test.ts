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
  DENO_TLS_CA_STORE: "system,mozilla",
  COMPOSER_CACHE_DIR: "/s/composer",
  COMPOSER_HOME: "/s/composer-home",
  GOTOOLCHAIN: "local",
  GOPATH: "/s/go",
  GOMODCACHE: "/var/tmp/nua-tools/go/mod",
  DOTNET_CLI_HOME: "/s",
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
  DOTNET_NOLOGO: "1",
  DOTNET_SKIP_FIRST_TIME_EXPERIENCE: "1",
  GOCACHE: "/s/gobuild",
  CCACHE_DIR: "/s/ccache",
  CCACHE_COMPILERCHECK: "content",
  CCACHE_MAXSIZE: "1G",
  CCACHE_UMASK: "022",
  GRADLE_USER_HOME: "/var/tmp/nua-tools/gradle/user",
  MAVEN_ARGS: "--global-settings=/s/java/settings.xml",
  HEX_HOME: "/s",
  MIX_HOME: "/var/tmp/nua-tools/mix",
  npm_config_omit_lockfile_registry_resolved: "true",
  npm_config_cache: "/s/npm",
  MSBUILDDISABLENODEREUSE: "1",
  NUGET_HTTP_CACHE_PATH: "/s/nuget/http",
  NUGET_PACKAGES: "/var/tmp/nua-tools/nuget/packages",
  NUGET_SCRATCH: "/s/nuget/scratch",
  NUGET_XMLDOC_MODE: "skip",
  UseSharedCompilation: "false",
};

/** Those of Java's tools and Composer's are always there. */
const filesOf = (facts: ClientFacts) =>
  allClients(facts).files.filter(({ path }) => !/^\/s\/(?:java|composer-home)\//.test(path));

test("without settings, programs read from where they always do", () => {
  const { env, files } = allClients(FACTS);
  expect(env).toEqual(ALWAYS);
  expect(files.map(({ path }) => path)).toEqual([
    ...["settings.xml", "init.gradle", "gradle.properties"].map((name) => `/s/java/${name}`),
    "/s/composer-home/config.json",
  ]);
});

const javaFile = (name: string, settings: ClientFacts["settings"]) =>
  String(
    allClients({ ...FACTS, settings }).files.find(({ path }) => path === `/s/java/${name}`)?.text,
  );

test("Maven reads Central from the mirror, through the proxy, and passwords stand in files", () => {
  const settings = {
    mavenMirror: "https://me:s%26crt@maven.example/central/",
    httpsProxy: "http://you:pw@proxy.example:3128",
    noProxy: "localhost,.example.org,10.0.0.1",
  };
  const text = javaFile("settings.xml", settings);
  expect(text).toContain(
    "<mirror><id>nua-central</id><mirrorOf>central</mirrorOf><url>https://maven.example/central/</url></mirror>",
  );
  expect(text).toContain(
    "<server><id>nua-central</id><username>me</username><password>s&#38;crt</password></server>",
  );
  expect(text).toContain("<host>proxy.example</host><port>3128</port><username>you</username>");
  expect(text).toContain(
    "<nonProxyHosts>localhost|*.localhost|example.org|*.example.org|10.0.0.1</nonProxyHosts>",
  );
  const { env } = allClients({ ...FACTS, settings });
  expect(env.MVNW_REPOURL).toBe("https://maven.example/central/");
});

test("Gradle does the same, and a password ends no text of its script", () => {
  const settings = {
    gradlePlugins: "http://a:it's%5C@plugins.example/m2",
    gradleMirror: "https://gradle.example/",
    httpProxy: "http://you:p%5Cw@proxy.example",
  };
  expect(javaFile("init.gradle", settings)).toContain(
    "['https://plugins.gradle.org/m2', 'http://plugins.example/m2', 'a', 'it\\'s\\\\'],",
  );
  expect(javaFile("gradle.properties", settings).split("\n")).toEqual([
    "org.gradle.daemon=false",
    "systemProp.http.proxyHost=proxy.example",
    "systemProp.http.proxyPort=80",
    "systemProp.http.proxyUser=you",
    "systemProp.http.proxyPassword=p\\\\w",
    "",
  ]);
  expect(allClients({ ...FACTS, settings }).env.NUA_GRADLE_MIRROR).toBe("https://gradle.example/");
});

test("Java trusts the build's certificates, in a store of its own", () => {
  const der = Buffer.from("a certificate").toString("base64");
  const pem = `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
  const { env, files } = allClients({
    ...FACTS,
    certificates: { all: "/s/all.pem", added: "/s/added.pem" },
    image: { ...FACTS.image, read: (path) => (path === "/s/all.pem" ? pem : undefined) },
  });
  expect(env.JAVA_TOOL_OPTIONS).toBe(
    "-Djavax.net.ssl.trustStore=/s/java/trusted.jks -Djavax.net.ssl.trustStoreType=JKS",
  );
  const store = Buffer.from(files.find(({ path }) => path.endsWith(".jks"))!.text as Uint8Array);
  expect(store.subarray(0, 12).toString("hex")).toBe("feedfeed0000000200000001");
  expect(store.includes("a certificate")).toBe(true);
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
    NPM_CONFIG_REGISTRY: "http://npm:4873/",
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
  expect(files).toContainEqual({ path: "/s/npmrc", text });
  // Deno reads that of its user alone.
  const plain = text.split("\n")[0];
  expect(files).toContainEqual({ path: "/s/.npmrc", text: `${plain}\n` });
});

test("JSR is where the setting says, and its password stands beside its address", () => {
  const settings = { jsrRegistry: "https://me:s%40crt@jsr.example/root" };
  expect(allClients({ ...FACTS, settings }).env).toEqual({
    ...ALWAYS,
    JSR_URL: "https://jsr.example/root/",
    DENO_AUTH_TOKENS: "me:s@crt@jsr.example",
  });
});

test("gems come from the mirror, for bundler and for gem", () => {
  const settings = { gemMirror: "http://gems/", rubyMirror: "http://ruby/" };
  const { env, files } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({
    BUNDLE_MIRROR__ALL: "http://gems/",
    GEMRC: "/s/gemrc",
    NUA_RUBY_MIRROR: "http://ruby/",
  });
  expect(files).toContainEqual({ path: "/s/gemrc", text: ':sources:\n- "http://gems/"\n' });
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

test("Composer reads the mirror, and its password stands in a file", () => {
  const settings = { packagistMirror: "http://me:s%40crt@packages.example:81/all/" };
  const { env, files } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({
    COMPOSER_HOME: "/s/composer-home",
    COMPOSER_CACHE_DIR: "/s/composer",
  });
  const text = (path: string) => JSON.parse(String(files.find((one) => one.path === path)?.text));
  expect(text("/s/composer-home/config.json")).toEqual({
    config: { "notify-on-install": false, "secure-http": false },
    repositories: {
      "packagist.org": { type: "composer", url: "http://packages.example:81/all" },
    },
  });
  expect(text("/s/composer-home/auth.json")).toEqual({
    "http-basic": { "packages.example:81": { username: "me", password: "s@crt" } },
  });
});

test("crates come from the mirror's index, and Rust from the server that is named", () => {
  const settings = { cargoIndex: "https://crates/index", rustDist: "https://rust/" };
  const { env, files } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({ CARGO_HOME: "/s", NUA_RUST_DIST: "https://rust/" });
  const text =
    '[source.crates-io]\nreplace-with = "nua"\n\n[source.nua]\nregistry = "sparse+https://crates/index/"\n';
  const config = { path: "/s/config.toml", text };
  expect(files).toContainEqual(config);
  const itself = { cargoIndex: "https://index.crates.io" };
  const { files: others } = allClients({ ...FACTS, settings: itself });
  expect(others?.map(({ path }) => path)).not.toContain(config.path);
});

test("packages of .NET come from the source that is named, with its password", () => {
  const settings = {
    nugetSource: "http://u:p%26w@nuget/v3/index.json",
    dotnetDist: "https://dotnet/",
  };
  const { env, files } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({
    DOTNET_CLI_HOME: "/s",
    NUGET_PACKAGES: "/var/tmp/nua-tools/nuget/packages",
    NUA_DOTNET_DIST: "https://dotnet/",
    NUA_NUGET_SOURCE: "http://nuget/v3/index.json",
  });
  const text = `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="nuget.org" value="http://nuget/v3/index.json" protocolVersion="3" allowInsecureConnections="true" />
  </packageSources>
  <packageSourceCredentials>
    <nuget.org><add key="Username" value="u" /><add key="ClearTextPassword" value="p&amp;w" /></nuget.org>
  </packageSourceCredentials>
</configuration>
`;
  expect(files).toContainEqual({ path: "/s/.nuget/NuGet/NuGet.Config", text });
});

test("packages of Hex's come from the mirror, and are signed with its own key", () => {
  const hexPublicKey = "QUJD".repeat(20);
  const settings = { hexMirror: "https://hex/", hexBuilds: "https://builds/b/", hexPublicKey };
  const { env, files } = allClients({ ...FACTS, settings });
  expect(env).toMatchObject({
    HEX_MIRROR: "https://hex",
    HEX_BUILDS_URL: "https://builds/b",
    NUA_HEX_PUBLIC_KEY_FILE: "/s/hex/public_key.pem",
  });
  const body = `${hexPublicKey.slice(0, 64)}\n${hexPublicKey.slice(64)}`;
  const text = `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`;
  expect(files).toContainEqual({ path: "/s/hex/public_key.pem", text });
  const config = `{'$repos',#{<<"hexpm">> => #{public_key => <<${JSON.stringify(text)}>>}}}.\n`;
  expect(files).toContainEqual({ path: "/s/hex.config", text: config });
  const framed = allClients({ ...FACTS, settings: { hexPublicKey: text } }).files;
  expect(framed).toContainEqual({ path: "/s/hex/public_key.pem", text });
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
  const facts = { ...FACTS, certificates };
  const { env } = allClients(facts);
  expect(env).toEqual({
    ...ALWAYS,
    APT_CONFIG: "/s/apt.conf",
    PIP_CERT: "/s/all.pem",
    REQUESTS_CA_BUNDLE: "/s/all.pem",
    NODE_EXTRA_CA_CERTS: "/s/added.pem",
    BUNDLE_SSL_CA_CERT: "/s/all.pem",
    COMPOSER_CAFILE: "/s/all.pem",
    CARGO_HTTP_CAINFO: "/s/all.pem",
    DENO_CERT: "/s/added.pem",
    HEX_CACERTS_PATH: "/s/all.pem",
    GIT_SSL_CAINFO: "/s/all.pem",
  });
  expect(filesOf(facts)).toEqual([
    { path: "/s/apt.conf", text: 'Acquire::https::CAInfo "/s/all.pem";\n' },
  ]);
});

test("caches of the builder's are used, and what apt downloads stays in them", () => {
  const parts: Record<string, string> = { "50nua": "kept", "docker-clean": "rm" };
  const facts: ClientFacts = {
    ...FACTS,
    caches: { npm: "/c/npm", pip: "/c/pip" },
    image: {
      read: (path) => parts[path.replace("/etc/apt/apt.conf.d/", "")],
      list: (path) => (path === "/etc/apt/apt.conf.d" ? ["50nua", "docker-clean", "more/"] : []),
      isMounted: (folder) => folder === "/var/cache/apt",
    },
  };
  const { env } = allClients(facts);
  expect(env).toMatchObject({ npm_config_cache: "/c/npm", PIP_CACHE_DIR: "/c/pip" });
  expect(Object.hasOwn(env, "PIP_NO_CACHE_DIR")).toBe(true);
  expect(filesOf(facts)).toEqual([
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
