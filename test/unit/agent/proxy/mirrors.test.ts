import { describe, expect, test } from "bun:test";
import {
  checkMirrors,
  destinationsOf,
  mirrorAuthorization,
  publicLocation,
} from "../../../../src/agent/proxy/mirrors.ts";
import { basicAuthorization } from "../../../../src/agent/proxy/request.ts";
import { ask, createBuilds, startSite } from "./site.ts";

const NETWORK_SETTINGS = {
  aptMirror: "http://u:p@apt.example/mirror",
  pipIndex: "https://u:p@pip.example/root/pypi/+simple/",
  npmRegistry: "https://npm.example/npm",
  gemMirror: "https://gems.example",
  goProxy: "https://go.example/mod",
  cargoIndex: "https://crates.example/index",
  rustDist: "https://rust.example",
  nugetSource: "https://u:p@nuget.example/feed/v3/index.json",
  dotnetDist: "https://dotnet.example/d",
  mavenMirror: "https://maven.example/central",
  gradlePlugins: "https://maven.example/plugins",
  gradleMirror: "https://gradle.example/d",
  hexMirror: "https://hex.example/repo/",
  hexBuilds: "https://hex.example/builds",
  rubyMirror: "https://ruby.example/pub",
  rewrites: "https://github.com/=https://git.example/hub/",
};

describe("where a request goes", () => {
  test.each([
    ["https://pypi.org/simple/flask/", "https://pip.example/root/pypi/+simple/flask/"],
    ["https://registry.npmjs.org/@a%2fb", "https://npm.example/npm/@a%2fb"],
    ["https://registry.yarnpkg.com/a/-/a-1.tgz", "https://npm.example/npm/a/-/a-1.tgz"],
    ["https://rubygems.org/gems/a-1.gem", "https://gems.example/gems/a-1.gem"],
    ["https://index.rubygems.org/versions", "https://gems.example/versions"],
    ["https://proxy.golang.org/a.b/c/@v/list", "https://go.example/mod/a.b/c/@v/list"],
    ["https://index.crates.io/se/rd/serde", "https://crates.example/index/se/rd/serde"],
    [
      "https://static.rust-lang.org/dist/channel-rust-1.85.toml",
      "https://rust.example/dist/channel-rust-1.85.toml",
    ],
    ["https://api.nuget.org/v3/index.json", "https://nuget.example/feed/v3/index.json"],
    [
      "https://api.nuget.org/v3-flatcontainer/a/index.json",
      "https://nuget.example/feed/v3-flatcontainer/a/index.json",
    ],
    [
      "https://builds.dotnet.microsoft.com/dotnet/Sdk/8.0.404/a.tar.gz",
      "https://dotnet.example/d/Sdk/8.0.404/a.tar.gz",
    ],
    ["https://repo1.maven.org/maven2/a/b/1/b-1.jar", "https://maven.example/central/a/b/1/b-1.jar"],
    ["https://plugins.gradle.org/m2/a/b.pom", "https://maven.example/plugins/a/b.pom"],
    [
      "https://services.gradle.org/distributions/gradle-8.5-bin.zip",
      "https://gradle.example/d/gradle-8.5-bin.zip",
    ],
    ["https://repo.hex.pm/tarballs/a-1.0.0.tar", "https://hex.example/repo/tarballs/a-1.0.0.tar"],
    [
      "https://builds.hex.pm/installs/hex-1.x.csv",
      "https://hex.example/builds/installs/hex-1.x.csv",
    ],
    ["https://sum.golang.org/latest", "https://go.example/mod/sumdb/sum.golang.org/latest"],
    [
      "https://cache.ruby-lang.org/pub/ruby/3.2/ruby-3.2.2.tar.gz",
      "https://ruby.example/pub/3.2/ruby-3.2.2.tar.gz",
    ],
    [
      "https://github.com/openssl/openssl/releases/download/OpenSSL_1_1_1w/openssl-1.1.1w.tar.gz",
      "https://ruby.example/pub/openssl-1.1.1w.tar.gz",
    ],
    ["https://github.com/a/b.git/info/refs", "https://git.example/hub/a/b.git/info/refs"],
    ["https://example.org/a?b=c", "https://example.org/a?b=c"],
    ["http://deb.debian.org/debian/dists/a", "http://deb.debian.org/debian/dists/a"],
  ])("%s", (url, expected) => {
    const found = destinationsOf({ url, client: "pip" }, NETWORK_SETTINGS);
    expect(found.map((destination) => destination.url)).toEqual([expected]);
  });

  test.each([
    ["http://deb.debian.org/debian/dists/a", "http://apt.example/mirror/dists/a"],
    ["http://archive.ubuntu.com/ubuntu/pool/b", "http://apt.example/mirror/pool/b"],
    ["http://ports.ubuntu.com/ubuntu-ports/b", "http://apt.example/mirror/b"],
    [
      "http://security.debian.org/debian-security/dists/a",
      "http://security.debian.org/debian-security/dists/a",
    ],
  ])("%s, of apt", (url, expected) => {
    const found = destinationsOf({ url, client: "apt" }, NETWORK_SETTINGS);
    expect(found.map((destination) => destination.url)).toEqual([expected]);
  });

  test("a link of the index without a host: below the mirror's address, or its host's", () => {
    const url = "https://pypi.org/+f/a.whl";
    const found = destinationsOf({ url, client: "pip" }, NETWORK_SETTINGS);
    expect(found.map((destination) => destination.url)).toEqual([
      "https://pip.example/root/pypi/+f/a.whl",
      "https://pip.example/+f/a.whl",
      url,
    ]);
  });

  test("nowhere else without mirrors", () => {
    const url = "https://pypi.org/simple/flask/";
    expect(destinationsOf({ url, client: "pip" }, {})).toEqual([{ url, mirror: null }]);
  });
});

test.each([
  ["https://pip.example/other/a.whl", basicAuthorization({ name: "u", password: "p" })],
  ["http://apt.example/a", basicAuthorization({ name: "u", password: "p" })],
  ["http://pip.example/a.whl", null],
  ["https://npm.example/npm/a", null],
])("the name and password for %s", (url, expected) => {
  expect(mirrorAuthorization(url, NETWORK_SETTINGS)).toBe(expected);
});

test.each([
  ["/root/pypi/+simple/flask/", "https://pypi.org/simple/flask/"],
  ["../Flask/", "https://pypi.org/simple/Flask/"],
  ["https://u:p@pip.example/files/a", "https://pip.example/files/a"],
  ["https://other.example/a", "https://other.example/a"],
])("a mirror's redirection to %s", (location, expected) => {
  const mirror = { from: "https://pypi.org/simple/", to: "https://pip.example/root/pypi/+simple/" };
  const destination = { url: `${mirror.to}flask`.concat("/"), mirror };
  expect(publicLocation(location, destination)).toBe(expected);
});

test("lines of sources stand in for no address", () => {
  expect(() => checkMirrors({ aptMirror: "deb http://apt.example/ ./" })).toThrow(
    'Record: the mirror of apt is no address: "deb http://apt.example/ ./"',
  );
  expect(() => checkMirrors({ aptMirror: "http://apt.example/ubuntu" })).not.toThrow();
});

test("the record has public addresses, and the mirror gets its password", async () => {
  using site = await startSite();
  using builds = createBuilds();
  const index = site.secure.replace("//", "//name:s3cret@");
  const recording = await builds.record({
    ...{ ca: site.networkSettings.ca!, pipIndex: `${index}simple/`, npmRegistry: index },
  });
  site.extra.set("/simple/flask/", (_, response) => response.end("../../private\n"));
  expect(recording.networkSettings).not.toHaveProperty("pipIndex");
  for (const url of [
    ...["https://pypi.org/simple/flask/", "https://pypi.org/private"],
    ...["https://registry.npmjs.org/private", `${site.secure}private`],
  ]) {
    expect((await ask(recording, url)).status).toBe(200);
  }
  await recording.close("app");
  expect(builds.recorded().map(({ url }) => url)).toEqual([
    ...[`${site.secure}private`, "https://pypi.org/private", "https://pypi.org/simple/flask/"],
    "https://registry.npmjs.org/private",
  ]);
  expect(JSON.stringify(builds.recorded())).not.toContain("s3cret");
});
