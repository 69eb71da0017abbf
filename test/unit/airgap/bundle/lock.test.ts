import { expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { PackageURL } from "packageurl-js";
import * as v from "valibot";
import { formatLock } from "../../../../src/airgap/bundle/lock.ts";
import type { BlobStore as Store } from "../../../helpers/small-bundle.ts";
import { BlobStore, exchangeOf, smallSubject } from "../../../helpers/small-bundle.ts";

const id = v.pipe(v.string(), v.regex(/^SPDXRef-[a-zA-Z0-9.-]+$/));

/**
 * Whether the package of the Package URL project reads a URL, and writes it alike: but for colons
 * and plus signs, which the specification has it escape otherwise than it does.
 */
function isPackageUrl(url: string): boolean {
  return decodeURIComponent(PackageURL.fromString(url).toString()) === decodeURIComponent(url);
}

/** What SPDX 2.3 demands of the parts that are used here. */
const documentSchema = v.strictObject({
  spdxVersion: v.literal("SPDX-2.3"),
  dataLicense: v.literal("CC0-1.0"),
  SPDXID: v.literal("SPDXRef-DOCUMENT"),
  name: v.pipe(v.string(), v.nonEmpty()),
  documentNamespace: v.pipe(v.string(), v.regex(/^https:\/\/[^#]+$/)),
  creationInfo: v.strictObject({
    created: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)),
    creators: v.array(v.pipe(v.string(), v.regex(/^Tool: nua-build-/))),
  }),
  packages: v.array(
    v.strictObject({
      SPDXID: id,
      name: v.string(),
      versionInfo: v.optional(v.string()),
      downloadLocation: v.pipe(v.string(), v.regex(/^(NOASSERTION|(git\+)?https?:\/\/\S+)$/)),
      filesAnalyzed: v.literal(false),
      primaryPackagePurpose: v.optional(v.picklist(["APPLICATION", "CONTAINER", "FILE"])),
      checksums: v.array(
        v.strictObject({
          algorithm: v.literal("SHA256"),
          checksumValue: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
        }),
      ),
      externalRefs: v.optional(
        v.array(
          v.strictObject({
            referenceCategory: v.literal("PACKAGE-MANAGER"),
            referenceType: v.literal("purl"),
            referenceLocator: v.pipe(v.string(), v.check(isPackageUrl)),
          }),
        ),
      ),
      sourceInfo: v.optional(v.string()),
    }),
  ),
  relationships: v.array(
    v.strictObject({
      spdxElementId: id,
      relationshipType: v.picklist(["DESCRIBES", "DEPENDS_ON", "BUILD_DEPENDENCY_OF"]),
      relatedSpdxElement: id,
    }),
  ),
});

const content = "0".repeat(64);

function lockOf(subject: Awaited<ReturnType<typeof smallSubject>>, epoch?: number) {
  const bytes = formatLock({ index: { tool: "1.2.3", ...subject }, epoch });
  return v.parse(documentSchema, JSON.parse(new TextDecoder().decode(bytes)));
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await BlobStore.create();
  try {
    return await work(store);
  } finally {
    await rm(store.folder, { recursive: true });
  }
}

test("it is an SPDX document whose parts refer to each other", async () => {
  const subject = await withStore(smallSubject);
  const { packages, relationships, creationInfo } = lockOf(subject);
  const ids = packages.map(({ SPDXID }) => SPDXID);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { spdxElementId, relatedSpdxElement } of relationships) {
    for (const end of [spdxElementId, relatedSpdxElement]) {
      expect(["SPDXRef-DOCUMENT", ...ids]).toContain(end);
    }
  }
  expect(creationInfo.created).toBe("1980-01-02T00:00:00Z");
  expect(lockOf(subject, 0).creationInfo.created).toBe("1970-01-01T00:00:00Z");
  const [app, image, index, tarball] = packages;
  expect(app).toMatchObject({ name: "hello", versionInfo: "1.0" });
  expect(image!.externalRefs![0]!.referenceLocator).toMatch(
    /^pkg:docker\/nua-python@sha256:[0-9a-f]{64}\?tag=1$/,
  );
  expect(index).toMatchObject({ primaryPackagePurpose: "FILE" });
  expect(tarball).toMatchObject({ name: "left-pad", sourceInfo: "wanted by yarn.lock" });
  const types = relationships.map(({ relationshipType }) => relationshipType);
  expect(types).toEqual(["DESCRIBES", "DEPENDS_ON", "BUILD_DEPENDENCY_OF", "DEPENDS_ON"]);
});

test.each([
  [
    "Debian",
    "http://deb.debian.org/debian/pool/main/v/vim_2%3a9.0+x~1_amd64.deb",
    "pkg:deb/debian/vim@2:9.0%2Bx~1?arch=amd64",
  ],
  [
    "Ubuntu",
    "http://archive.ubuntu.com/ubuntu/pool/main/t/t_1_all.deb",
    "pkg:deb/ubuntu/t@1?arch=all",
  ],
  [
    "pip",
    "https://f.org/packages/Zope.interface-6.0-py3-none-any.whl",
    "pkg:pypi/zope-interface@6.0?file_name=Zope.interface-6.0-py3-none-any.whl",
  ],
  ["npm", "https://r.org/@babel/core/-/core-7.0.0.tgz", "pkg:npm/%40babel/core@7.0.0"],
  [
    "bundler",
    "https://rubygems.org/gems/nokogiri-1.15.5-x86_64-linux.gem",
    "pkg:gem/nokogiri@1.15.5?platform=x86_64-linux",
  ],
  [
    "go",
    "https://proxy.golang.org/github.com/!burnt!sushi/toml/@v/v1.3.2.zip",
    "pkg:golang/github.com/burntsushi/toml@v1.3.2",
  ],
  ["deno", "https://jsr.io/@std/http/1.0.9_meta.json", "pkg:jsr/%40std/http@1.0.9"],
  [
    "composer",
    "https://mirror/dists/monolog/monolog/3.5.0.0/abc.zip",
    "pkg:composer/monolog/monolog@3.5.0",
  ],
  [
    "composer",
    "https://codeload.github.com/Seldaek/monolog/legacy.zip/c915e2634718dbc8a4a15c61b0e62e7a44e14448",
    "pkg:github/seldaek/monolog@c915e2634718dbc8a4a15c61b0e62e7a44e14448",
  ],
  [
    "cargo",
    "https://static.crates.io/crates/serde_json/1.0.117/download",
    "pkg:cargo/serde_json@1.0.117",
  ],
  [
    "agent",
    "https://static.rust-lang.org/dist/2024-08-08/cargo-1.80.1-x86_64-unknown-linux-gnu.tar.xz",
    "pkg:generic/cargo@1.80.1?arch=x86_64&download_url=https:%2F%2Fstatic.rust-lang.org%2Fdist%2F2024-08-08%2Fcargo-1.80.1-x86_64-unknown-linux-gnu.tar.xz",
  ],
  ["hex", "https://repo.hex.pm/tarballs/plug_crypto-2.1.0.tar", "pkg:hex/plug_crypto@2.1.0"],
  [
    "mix",
    "https://builds.hex.pm/installs/1.14.0/hex-2.0.6.ez",
    "pkg:generic/hex@2.0.6?download_url=https:%2F%2Fbuilds.hex.pm%2Finstalls%2F1.14.0%2Fhex-2.0.6.ez",
  ],
  [
    "nuget",
    "https://api.nuget.org/v3-flatcontainer/newtonsoft.json/13.0.3/newtonsoft.json.13.0.3.nupkg",
    "pkg:nuget/newtonsoft.json@13.0.3",
  ],
  [
    "agent",
    "https://builds.dotnet.microsoft.com/dotnet/Sdk/8.0.404/dotnet-sdk-8.0.404-linux-x64.tar.gz",
    "pkg:generic/dotnet-sdk@8.0.404?arch=x64&download_url=https:%2F%2Fbuilds.dotnet.microsoft.com%2Fdotnet%2FSdk%2F8.0.404%2Fdotnet-sdk-8.0.404-linux-x64.tar.gz",
  ],
  [
    "maven",
    "https://repo.maven.apache.org/maven2/io/netty/netty-epoll/4.2.0/netty-epoll-4.2.0-linux-x86_64.jar",
    "pkg:maven/io.netty/netty-epoll@4.2.0?classifier=linux-x86_64",
  ],
  [
    "maven",
    "https://repo1.maven.org/maven2/org/apache/maven/apache-maven/3.9.11/apache-maven-3.9.11-bin.zip",
    "pkg:maven/org.apache.maven/apache-maven@3.9.11?classifier=bin&type=zip",
  ],
  ["git", "https://github.com/Owner/Repo.git/git-upload-pack", "pkg:github/owner/repo"],
  [
    "git",
    "https://git.example.org/a/b.git/git-upload-pack",
    "pkg:generic/b.git?vcs_url=git%2Bhttps:%2F%2Fgit.example.org%2Fa%2Fb.git",
  ],
  ["curl", "https://github.com/o/r/archive/refs/tags/v1.0.tar.gz", "pkg:github/o/r@v1.0"],
  ["yarn", "https://codeload.github.com/o/r/tar.gz/0123abc", "pkg:github/o/r@0123abc"],
  ["curl", "https://github.com/o/r/releases/download/v2/app.zip", "pkg:github/o/r@v2"],
  [
    "curl",
    "https://example.org/ruby-3.2.2.tar.gz",
    `pkg:generic/ruby-3.2.2.tar.gz?checksum=sha256:${content}&download_url=https:%2F%2Fexample.org%2Fruby-3.2.2.tar.gz`,
  ],
])("%s %s is known to other tools", (client, url, expected) => {
  const exchanges = [exchangeOf(url, { client, content })];
  const [thing] = lockOf({ linuxBase: "debian:12", apps: [], images: [], exchanges }).packages;
  expect(thing!.externalRefs![0]!.referenceLocator).toBe(expected);
});

test("a repository is known by the commit that was taken", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const address = "https://git.example.org/a/b.git";
  const exchanges = [
    exchangeOf(`${address}/info/refs?service=git-upload-pack`, { client: "git", content }),
    ...[null, commit].map((detail) =>
      exchangeOf(`${address}/git-upload-pack`, { client: "git", content, detail }),
    ),
  ];
  const { packages } = lockOf({ linuxBase: "debian:12", apps: [], images: [], exchanges });
  expect(packages).toMatchObject([
    {
      ...{ name: address, versionInfo: commit, downloadLocation: `git+${address}@${commit}` },
      externalRefs: [
        {
          referenceLocator: `pkg:generic/b.git@${commit}?vcs_url=git%2Bhttps:%2F%2Fgit.example.org%2Fa%2Fb.git`,
        },
      ],
    },
  ]);
});

test("what only building wants is no dependency of what runs", async () => {
  const exchanges = [
    exchangeOf("http://m/pool/g/gcc_1_amd64.deb", { content, wantedBy: "build.packages" }),
    exchangeOf("http://m/pool/l/libpq5_1_amd64.deb", { content, wantedBy: "run.packages" }),
  ];
  const apps = [{ tag: "nua-a:1", name: "a", config: "nua-config.toml", source: content }];
  const { relationships } = lockOf({ linuxBase: "debian:12", apps, images: [], exchanges });
  const types = relationships.map(({ relationshipType }) => relationshipType);
  expect(types).toEqual(["DESCRIBES", "BUILD_DEPENDENCY_OF", "DEPENDS_ON"]);
});
