import { describe, expect, test } from "bun:test";
import { listItems } from "../../../src/airgap/bundle/list-items.ts";
import type { HttpRequest } from "../../../src/registries/address.ts";
import { identify } from "../../../src/registries/identify.ts";
import { formatItem } from "../../../src/registries/item.ts";
import { exchangeOf, LEFT_PAD } from "../../helpers/small-bundle.ts";

/** A URL, who asks, and the item as a person reads it. */
const ROWS: [client: string, url: string, expected: string][] = [
  // Debian packages and the lists of apt.
  [
    "Debian",
    "http://deb.debian.org/debian/pool/main/c/curl/curl_7.88.1-10+deb12u5_amd64.deb",
    "deb curl 7.88.1-10+deb12u5 (amd64)",
  ],
  [
    "Debian",
    "http://deb.debian.org/debian/pool/main/v/vim/vim_2%3a9.0.1378-2_arm64.deb",
    "deb vim 2:9.0.1378-2 (arm64)",
  ],
  [
    "Ubuntu",
    "http://archive.ubuntu.com/ubuntu/pool/main/t/tzdata/tzdata_2024a-0ubuntu0.22.04.1_all.deb",
    "deb tzdata 2024a-0ubuntu0.22.04.1 (all)",
  ],
  [
    "Debian",
    "http://deb.debian.org/debian/dists/bookworm/InRelease",
    "index http://deb.debian.org/debian/dists/bookworm/InRelease",
  ],
  [
    "Debian",
    "http://m/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/0123",
    "index http://m/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/0123",
  ],
  ["Debian", "http://m/flat/Packages.xz", "index http://m/flat/Packages.xz"],
  // Python: wheels (PEP 427), sdists (PEP 625 and before), pages (PEP 503), metadata (PEP 658).
  [
    "pip",
    "https://files.pythonhosted.org/packages/61/80/flask-3.0.0-py3-none-any.whl",
    "pypi flask 3.0.0",
  ],
  [
    "pip",
    "https://f.org/packages/ab/MarkupSafe-2.1.3-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "pypi markupsafe 2.1.3 (manylinux_2_17_x86_64.manylinux2014_x86_64)",
  ],
  [
    "pip",
    "https://f.org/packages/ab/zope.interface-6.0-1-py3-none-any.whl",
    "pypi zope-interface 6.0",
  ],
  [
    "uv",
    "https://f.org/packages/x/foo_bar-1.0%2Blocal-py3-none-any.whl#sha256=00",
    "pypi foo-bar 1.0+local",
  ],
  ["pip", "https://f.org/packages/d8/psycopg2-2.9.9.tar.gz", "pypi psycopg2 2.9.9"],
  ["pip", "https://f.org/packages/d8/python-dateutil-2.8.2.zip", "pypi python-dateutil 2.8.2"],
  ["", "http://mirror/root/pypi/+f/a/b/ruamel.yaml-0.18.5.tar.gz", "pypi ruamel-yaml 0.18.5"],
  ["pip", "https://pypi.org/simple/flask/", "index https://pypi.org/simple/flask/"],
  [
    "pip",
    "https://f.org/packages/61/flask-3.0.0-py3-none-any.whl.metadata",
    "index https://f.org/packages/61/flask-3.0.0-py3-none-any.whl.metadata",
  ],
  [
    "poetry",
    "https://pypi.org/pypi/flask/3.0.0/json",
    "index https://pypi.org/pypi/flask/3.0.0/json",
  ],
  // CPython: builds, their digests, sources.
  [
    "",
    "https://github.com/astral-sh/python-build-standalone/releases/download/20241016/cpython-3.12.7%2B20241016-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz",
    "cpython cpython 3.12.7 (x86_64)",
  ],
  ["", "http://m/20241016/SHA256SUMS", "index http://m/20241016/SHA256SUMS"],
  ["", "https://www.python.org/ftp/python/3.8.10/Python-3.8.10.tgz", "cpython cpython 3.8.10"],
  // npm, and registries with other addresses.
  ["npm", LEFT_PAD, "npm left-pad 1.3.0"],
  [
    "yarn",
    "https://registry.yarnpkg.com/@babel/core/-/core-7.23.0.tgz#0123",
    "npm @babel/core 7.23.0",
  ],
  ["npm", "https://r.org/@types%2fnode/-/node-20.1.0.tgz", "npm @types/node 20.1.0"],
  [
    "npm",
    "https://nexus.org/repository/npm/@scope/name/-/name-1.0.0-rc.1.tgz",
    "npm @scope/name 1.0.0-rc.1",
  ],
  ["npm", "https://npm.pkg.github.com/download/@owner/name/1.2.3/0123abc", "npm @owner/name 1.2.3"],
  ["npm", "https://registry.npmjs.org/express", "index https://registry.npmjs.org/express"],
  [
    "npm",
    "https://registry.npmjs.org/@babel%2fcore",
    "index https://registry.npmjs.org/@babel%2fcore",
  ],
  [
    "npm",
    "https://registry.npmjs.org/-/npm/v1/security/advisories/bulk",
    "index https://registry.npmjs.org/-/npm/v1/security/advisories/bulk",
  ],
  ["npm", "https://registry.npmjs.org/socket.io", "index https://registry.npmjs.org/socket.io"],
  [
    "npm",
    "https://nodejs.org/download/release/v20.1.0/node-v20.1.0-headers.tar.gz",
    "file https://nodejs.org/download/release/v20.1.0/node-v20.1.0-headers.tar.gz",
  ],
  // Gems.
  ["Ruby", "https://rubygems.org/gems/rails-7.1.2.gem", "gem rails 7.1.2"],
  [
    "bundler",
    "https://rubygems.org/gems/rails-html-sanitizer-1.6.0.gem",
    "gem rails-html-sanitizer 1.6.0",
  ],
  [
    "bundler",
    "https://rubygems.org/gems/nokogiri-1.15.5-x86_64-linux.gem",
    "gem nokogiri 1.15.5 (x86_64-linux)",
  ],
  ["bundler", "https://rubygems.org/gems/mongo-2-compat-1.0.gem", "gem mongo-2-compat 1.0"],
  [
    "bundler",
    "https://index.rubygems.org/info/rails",
    "index https://index.rubygems.org/info/rails",
  ],
  [
    "Ruby",
    "https://rubygems.org/quick/Marshal.4.8/rake-13.1.0.gemspec.rz",
    "index https://rubygems.org/quick/Marshal.4.8/rake-13.1.0.gemspec.rz",
  ],
  ["Ruby", "https://rubygems.org/specs.4.8.gz", "index https://rubygems.org/specs.4.8.gz"],
  // Go modules, and their checksums.
  [
    "go",
    "https://proxy.golang.org/github.com/!burnt!sushi/toml/@v/v1.3.2.zip",
    "go github.com/BurntSushi/toml v1.3.2",
  ],
  [
    "curl",
    "https://mirror.example/repository/go/golang.org/x/text/@v/v0.3.0.zip",
    "go golang.org/x/text v0.3.0",
  ],
  ...["github.com/a/b/@v/list", "github.com/a/b/@latest", "github.com/a/b/v2/@v/v2.0.0.info"].map(
    (path): [string, string, string] => [
      "go",
      `https://proxy.golang.org/${path}`,
      `index https://proxy.golang.org/${path}`,
    ],
  ),
  [
    "go",
    "https://proxy.golang.org/sumdb/sum.golang.org/lookup/github.com/a/b@v1.0.0",
    "index https://proxy.golang.org/sumdb/sum.golang.org/lookup/github.com/a/b@v1.0.0",
  ],
  [
    "go",
    "https://sum.golang.org/tile/8/0/x001/234",
    "index https://sum.golang.org/tile/8/0/x001/234",
  ],
  // Crates, their sparse index, and Rust itself.
  // JSR: what a version has is told in one file, and lies below it.
  ["deno", "https://jsr.io/@std/http/meta.json", "index https://jsr.io/@std/http/meta.json"],
  ["deno", "https://jsr.io/@std/http/1.0.9_meta.json", "jsr @std/http 1.0.9"],
  ["deno", "https://jsr.io/@std/http/1.0.9/file_server.ts", "jsr @std/http 1.0.9"],
  ["deno", "http://m/jsr/@a/b/2.0.0-rc.1/mod.ts", "jsr @a/b 2.0.0-rc.1"],
  ["deno", "https://deno.land/std@0.224.0/a.ts", "file https://deno.land/std@0.224.0/a.ts"],
  ["deno", "https://registry.npmjs.org/hono", "index https://registry.npmjs.org/hono"],
  [
    "deno",
    "https://registry.npmjs.org/@hono%2foak",
    "index https://registry.npmjs.org/@hono%2foak",
  ],
  ["deno", "https://registry.npmjs.org/hono/-/hono-4.13.19.tgz", "npm hono 4.13.19"],
  // Composer: metadata, archives of mirrors and of forges.
  [
    "composer",
    "https://repo.packagist.org/packages.json",
    "index https://repo.packagist.org/packages.json",
  ],
  [
    "Composer",
    "https://repo.packagist.org/p2/monolog/monolog~dev.json",
    "index https://repo.packagist.org/p2/monolog/monolog~dev.json",
  ],
  [
    "composer",
    "https://mirror/dists/monolog/monolog/3.5.0.0/c915e2634718dbc8a4a15c61b0e62e7a44e14448.zip",
    "composer monolog/monolog 3.5.0",
  ],
  [
    "composer",
    "https://api.github.com/repos/Seldaek/monolog/zipball/c915e2634718dbc8a4a15c61b0e62e7a44e14448",
    "composer seldaek/monolog c915e2634718dbc8a4a15c61b0e62e7a44e14448",
  ],
  ["cargo", "https://static.crates.io/crates/serde/1.0.200/download", "crate serde 1.0.200"],
  ["cargo", "https://crates.io/api/v1/crates/serde/1.0.200/download", "crate serde 1.0.200"],
  ["curl", "https://m.example/crates/tokio/tokio-1.40.0.crate", "crate tokio 1.40.0"],
  ["cargo", "https://m.example/a-b/a-b-0.1.0-rc.1+x.crate", "crate a-b 0.1.0-rc.1+x"],
  ...["config.json", "1/a", "2/ab", "3/a/abc", "se/rd/serde"].map(
    (path): [string, string, string] => [
      "cargo",
      `https://index.crates.io/${path}`,
      `index https://index.crates.io/${path}`,
    ],
  ),
  ["cargo", "https://m.example/x/se/rd/serde", "index https://m.example/x/se/rd/serde"],
  ["curl", "https://m.example/x/se/rd/serde", "file https://m.example/x/se/rd/serde"],
  [
    "agent",
    "https://static.rust-lang.org/dist/2024-08-08/rustc-1.80.1-x86_64-unknown-linux-gnu.tar.xz",
    "crate rustc 1.80.1 (x86_64)",
  ],
  [
    "agent",
    "https://static.rust-lang.org/dist/channel-rust-1.80.1.toml",
    "index https://static.rust-lang.org/dist/channel-rust-1.80.1.toml",
  ],
  // Packages of NuGet's, what tells of them, and .NET itself.
  [
    "nuget",
    "https://api.nuget.org/v3-flatcontainer/newtonsoft.json/13.0.3/newtonsoft.json.13.0.3.nupkg",
    "nuget newtonsoft.json 13.0.3",
  ],
  [
    "curl",
    "https://m.example/d/Serilog.Sinks.Seq.6.0.0-dev-1.nupkg",
    "nuget Serilog.Sinks.Seq 6.0.0-dev-1",
  ],
  ...[
    "v3/index.json",
    "v3-flatcontainer/serilog/index.json",
    "v3/registration5-gz-semver2/a/page/1/2.json",
  ].map((path): [string, string, string] => [
    "nuget",
    `https://api.nuget.org/${path}`,
    `index https://api.nuget.org/${path}`,
  ]),
  ["nuget", "https://m.example/a/index.json", "index https://m.example/a/index.json"],
  ["curl", "https://m.example/a/index.json", "file https://m.example/a/index.json"],
  [
    "agent",
    "https://builds.dotnet.microsoft.com/dotnet/aspnetcore/Runtime/8.0.11/aspnetcore-runtime-8.0.11-linux-x64.tar.gz",
    "nuget aspnetcore-runtime 8.0.11 (x64)",
  ],
  [
    "agent",
    "https://builds.dotnet.microsoft.com/dotnet/release-metadata/8.0/releases.json",
    "index https://builds.dotnet.microsoft.com/dotnet/release-metadata/8.0/releases.json",
  ],
  // Packages of Hex's, its index, and Hex itself.
  ["hex", "https://repo.hex.pm/tarballs/plug-1.15.3.tar", "hex plug 1.15.3"],
  ["curl", "https://m.example/hex/tarballs/a_b-1.0.0-rc.1.tar", "hex a_b 1.0.0-rc.1"],
  ...["names", "versions", "packages/plug"].map((path): [string, string, string] => [
    "hex",
    `https://m.example/${path}`,
    `index https://m.example/${path}`,
  ]),
  ["curl", "https://repo.hex.pm/packages/plug", "index https://repo.hex.pm/packages/plug"],
  ["curl", "https://m.example/packages/plug", "file https://m.example/packages/plug"],
  ["mix", "https://builds.hex.pm/installs/1.14.0/hex-2.0.6.ez", "hex hex 2.0.6"],
  ["mix", "https://builds.hex.pm/installs/1.18.0/hex-2.2.1-otp-27.ez", "hex hex 2.2.1"],
  ...["hex-1.x.csv", "hex-1.x.csv.signed"].map((name): [string, string, string] => [
    "mix",
    `https://builds.hex.pm/installs/${name}`,
    `index https://builds.hex.pm/installs/${name}`,
  ]),
  // Artifacts of Maven's, and the distributions of Gradle.
  [
    "maven",
    "https://repo.maven.apache.org/maven2/com/google/code/gson/gson/2.11.0/gson-2.11.0.jar",
    "maven com.google.code.gson:gson 2.11.0",
  ],
  [
    "gradle",
    "https://nexus.example/repository/maven-public/org/slf4j/slf4j-api/2.0.9/slf4j-api-2.0.9-sources.jar",
    "maven org.slf4j:slf4j-api 2.0.9",
  ],
  [
    "python-urllib",
    "https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.11/apache-maven-3.9.11-bin.zip",
    "maven org.apache.maven:apache-maven 3.9.11",
  ],
  ...[
    "org/slf4j/slf4j-api/maven-metadata.xml",
    "org/slf4j/slf4j-api/2.0.9/slf4j-api-2.0.9.pom",
    "org/slf4j/slf4j-api/2.0.9/slf4j-api-2.0.9.jar.sha1",
  ].map((path): [string, string, string] => [
    "maven",
    `https://repo1.maven.org/maven2/${path}`,
    `index https://repo1.maven.org/maven2/${path}`,
  ]),
  [
    "python-urllib",
    "https://services.gradle.org/distributions/gradle-8.14.3-bin.zip",
    "maven org.gradle:gradle 8.14.3",
  ],
  [
    "curl",
    "https://example.org/files/tool/1.2/tool-1.2.tar.gz",
    "file https://example.org/files/tool/1.2/tool-1.2.tar.gz",
  ],
  // git, and what forges hand out.
  [
    "git",
    "https://github.com/owner/repo.git/info/refs?service=git-upload-pack",
    "git https://github.com/owner/repo.git",
  ],
  ["git", "https://github.com/owner/repo/git-upload-pack", "git https://github.com/owner/repo"],
  ["nua-build", "git+https://host/o/r.git@v1.0", "git https://host/o/r.git v1.0"],
  ["nua-build", "git+git@host:o/r.git@main", "git git@host:o/r.git main"],
  ["nua-build", "git+./repository@main", "git ./repository main"],
  [
    "pip",
    "https://github.com/owner/repo-1.0/archive/refs/tags/repo-1.0.tar.gz",
    "file https://github.com/owner/repo-1.0/archive/refs/tags/repo-1.0.tar.gz",
  ],
  [
    "yarn",
    "https://codeload.github.com/owner/repo/tar.gz/0123abc",
    "file https://codeload.github.com/owner/repo/tar.gz/0123abc",
  ],
  // Anything else, without a signature that it may have been asked with.
  [
    "nua-build",
    "https://cache.ruby-lang.org/pub/ruby/3.2/ruby-3.2.2.tar.gz",
    "file https://cache.ruby-lang.org/pub/ruby/3.2/ruby-3.2.2.tar.gz",
  ],
  [
    "curl",
    "https://example.org/app.tar.gz?X-Amz-Signature=00",
    "file https://example.org/app.tar.gz",
  ],
  ["curl", "https://example.org", "file https://example.org"],
  ["curl", "https://example.org/%zz", "file https://example.org/%zz"],
];

test.each(ROWS)("%s %s", (client, url, expected) => {
  expect(formatItem(identify({ method: "GET", url, client }))).toBe(expected);
});

test("an address says less than how it was asked for", () => {
  const request: HttpRequest = { method: "GET", url: "https://m.org/pypi/flask/", client: "uv" };
  const accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.01";
  expect(identify({ ...request, accept }).kind).toBe("index");
  expect(identify(request).kind).toBe("file");
  const npm = "application/vnd.npm.install-v1+json";
  expect(identify({ ...request, accept: npm }).kind).toBe("index");
});

describe("the things that exchanges have brought", () => {
  const content = "0".repeat(64);

  test("are each listed once, with all who wanted it", () => {
    const exchanges = ["yarn.lock", "package.json", "yarn.lock"].map((wantedBy) =>
      exchangeOf(LEFT_PAD, { content, bytes: 9, wantedBy }),
    );
    const wantedBy = ["package.json", "yarn.lock"];
    const item = { kind: "npm", name: "left-pad", version: "1.3.0" };
    expect(listItems([...exchanges, exchangeOf("https://example.org", { status: 404 })])).toEqual([
      { ...item, url: LEFT_PAD, sha256: content, bytes: 9, wantedBy } as never,
    ]);
  });

  test("have the address that was asked for, wherever it led", () => {
    const url = "https://github.com/o/r/releases/download/v1/app.tar.gz";
    const exchanges = [
      exchangeOf(url, { status: 302, headers: { location: "https://cdn.example/a?sig=1" } }),
      exchangeOf("https://cdn.example/a?sig=1", { status: 307, headers: { location: "/b" } }),
      exchangeOf("https://cdn.example/b", { content, bytes: 9 }),
    ];
    expect(listItems(exchanges)).toMatchObject([{ kind: "file", name: url, url }]);
  });

  test("of a repository are one: what it holds", () => {
    const url = "https://example.org/r.git";
    const exchanges = [
      exchangeOf(`${url}/info/refs?service=git-upload-pack`, { content: "1".repeat(64), bytes: 5 }),
      exchangeOf(`${url}/git-upload-pack`, { content, bytes: 900 }),
      exchangeOf(`${url}/git-upload-pack`, { content: "2".repeat(64), bytes: 50 }),
    ];
    expect(listItems(exchanges)).toMatchObject([{ kind: "git", name: url, sha256: content }]);
  });
});

test("an item is told with who wanted it", () => {
  const item = { kind: "npm", name: "left-pad", version: "1.3.0" } as const;
  expect(formatItem(item, { file: "yarn.lock", line: 812 })).toBe(
    "npm left-pad 1.3.0, wanted by yarn.lock:812",
  );
  expect(formatItem(item, "build.packages")).toBe("npm left-pad 1.3.0, wanted by build.packages");
  expect(formatItem(item, "\u001b[2J")).toBe("npm left-pad 1.3.0, wanted by ?[2J");
});
