import { describe, expect, test } from "bun:test";
import { archiveName, isAppAddress, parseAppAddress } from "../../../src/source/app-address.ts";

const SUM = "ab".repeat(32);

describe("a git repository", () => {
  test.each([
    ["https://host/me/app.git", "https://host/me/app.git", "HEAD", "app", ""],
    ["https://host/me/app.git/", "https://host/me/app.git/", "HEAD", "app", ""],
    ["https://host/me/app.git#v1.2", "https://host/me/app.git", "v1.2", "app", ""],
    ["https://host/me/app.git@v1.2", "https://host/me/app.git", "v1.2", "app", ""],
    ["https://host/app.git@feature/x", "https://host/app.git", "feature/x", "app", ""],
    ["https://host/app.git#main:web/site", "https://host/app.git", "main", "app", "web/site"],
    ["https://host/app.git#:web", "https://host/app.git", "HEAD", "app", "web"],
    ["https://host/app.git#subdirectory=web", "https://host/app.git", "HEAD", "app", "web"],
    ["git+https://host/me/app", "https://host/me/app", "HEAD", "app", ""],
    ["git+https://host/me/app@v1", "https://host/me/app", "v1", "app", ""],
    ["git+https://host/@me/app", "https://host/@me/app", "HEAD", "app", ""],
    ["git+ssh://git@host/me/app.git@v1", "ssh://git@host/me/app.git", "v1", "app", ""],
    ["ssh://git@host:22/me/app", "ssh://git@host:22/me/app", "HEAD", "app", ""],
    ["git@host:me/app.git", "git@host:me/app.git", "HEAD", "app", ""],
    ["git@host:app.git#0123abc", "git@host:app.git", "0123abc", "app", ""],
    ["file:///srv/app.git", "file:///srv/app.git", "HEAD", "app", ""],
    ["git+file:///srv/app", "file:///srv/app", "HEAD", "app", ""],
  ])("%s", (word, url, revision, dir, folder) => {
    const key = "the address on the command line";
    expect(parseAppAddress(word)).toEqual({
      source: { kind: "git", url, revision, dir, key },
      ...{ folder, credentials: [] },
    });
  });
});

describe("an archive", () => {
  test.each([
    ["https://host/app-1.2.tar.gz", "https://host/app-1.2.tar.gz", null, "app", ""],
    ["https://host/me/app/archive/main.zip?x=1", undefined, null, "main", ""],
    [`https://host/app.tgz#sha256=${SUM}`, "https://host/app.tgz", SUM, "app", ""],
    [`https://h/a.zip#subdirectory=b/c&sha256=${SUM}`, "https://h/a.zip", SUM, "a", "b/c"],
    ["file:///srv/app.tar.zst", "file:///srv/app.tar.zst", null, "app", ""],
  ])("%s", (word, url, sha256, dir, folder) => {
    expect(parseAppAddress(word)).toMatchObject({
      source: { kind: "archive", url: url ?? word, sha256, dir },
      folder,
    });
  });
});

test("a password shows nowhere", () => {
  const { source, credentials } = parseAppAddress("https://bob:S3cret@host/app.git@v1")!;
  expect(source).toMatchObject({ url: "https://***@host/app.git", revision: "v1" });
  expect(credentials).toEqual([
    {
      shown: "https://***@host/app.git",
      address: "https://bob:S3cret@host/app.git",
      inBuild: false,
    },
  ]);
});

test.each([
  "https://host/app.git#main:../..",
  "https://host/app.git#-x",
  "https://host/app.git#a b",
  "https://host/app.git@--upload-pack=x",
  "https://host/app.tgz#main",
  "https://host/app.tgz#sha256=abc",
  "git+https://host/app#:/../x",
])("%s is no address", (word) => {
  const parse = () => parseAppAddress(word);
  if (!isAppAddress(word)) expect(parse()).toBeUndefined();
  else expect(parse).toThrow(expect.objectContaining({ code: "usage" }));
});

test.each([".", "..", "/srv/app", "./a@b:c/..", "app.tgz", "C:\\app", "ext::sh -c x", "a:b", "-x"])(
  "%s is a path",
  (word) => {
    expect(parseAppAddress(word)).toBeUndefined();
  },
);

test.each([
  ["/tmp/hello-1.2.3.tar.gz", "hello"],
  ["hello.zip", "hello"],
  ["hello-main.tgz", "hello"],
  [`hello-${"a".repeat(40)}.tar`, "hello"],
  ["1.2.3.tgz", "1.2.3"],
  [".tgz", "app"],
])("%s is the archive of %s", (file, name) => {
  expect(archiveName(file)).toBe(name);
});
