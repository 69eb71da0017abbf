import { describe, expect, test } from "bun:test";
import { restoreCredentials } from "../../../src/lib/rewrites.ts";
import {
  hideCredentials,
  publicUrl,
  secretsOf,
  takeCredentials,
} from "../../../src/lib/secrets.ts";

test.each([
  ["http://bob:secret@proxy:3128", "http://proxy:3128"],
  ["http://bob:sec@ret@proxy:3128", "http://proxy:3128"],
  ["http://bob:sec/ret@proxy:3128", "http://proxy:3128"],
  ["http://bob:100%@proxy:3128/", "http://proxy:3128/"],
  ["bob:secret@proxy:3128", "proxy:3128"],
  ["https://registry/@scope/name", "https://registry/@scope/name"],
  ["git@github.com:a/b.git", "git@github.com:a/b.git"],
  ["https://host/x", "https://host/x"],
])("%s without name and password is %s", (url, expected) => {
  expect(publicUrl(url)).toBe(expected);
});

test("a percent sign in a password is one", () => {
  expect(takeCredentials("http://bob:100%@h/")).toMatchObject({ password: "100%" });
});

describe("every form is a secret", () => {
  test("with a sign in it", () => {
    expect(secretsOf(["http://bob:sec@ret@h/"])).toContain("sec@ret");
  });
});

test.each([
  ["see https://bob:secret@h/x and http://h/", "see https://***@h/x and http://h/"],
  ["https://token@h/x", "https://***@h/x"],
  ["ssh://git@h/x", "ssh://git@h/x"],
  ["https://***@h/x", "https://***@h/x"],
])("%s is shown as %s", (text, expected) => {
  expect(hideCredentials(text)).toBe(expected);
});

test("pip gets the address, git finds it by itself", () => {
  const rewrites = [{ from: "https://***@h/x", to: "https://a:b@h/x" }];
  expect(restoreCredentials("https://***@h/x.whl", rewrites)).toBe("https://a:b@h/x.whl");
  expect(restoreCredentials("git+https://***@h/x", rewrites)).toBe("git+https://***@h/x");
});
