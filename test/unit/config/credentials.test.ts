import { describe, expect, test } from "bun:test";
import { textWithoutCredentials } from "../../../src/config/credentials.ts";
import { ConfigError } from "../../../src/config/problems.ts";
import { credentialRewrites } from "../../../src/session/credentials.ts";
import { checkText, METADATA } from "../../helpers/config.ts";

const SECRET = "S3cretPw";

describe("passwords in addresses", () => {
  test.each([
    [`git-url = "https://bob:${SECRET}@host/x.git"`, "https://***@host/x.git"],
    [`src-url = "https://bob:${SECRET}@host/x-{version}.tar.gz"`, "https://***@host/x-1.0.tar.gz"],
    [`project = "https://bob:${SECRET}@host/x.zip"`, "https://***@host/x.zip"],
    [`pip-install = ["https://bob:${SECRET}@host/x.whl"]`, "https://***@host/x.whl"],
    [`pip-install = "git+https://${SECRET}@host/x.git"`, "https://***@host/x.git"],
    [`pip-install = "--index-url https://b:p@${SECRET}@host/simple x"`, "https://***@host/simple"],
    [`git-url = "ssh://bob:${SECRET}@host/x.git"`, "ssh://***@host/x.git"],
  ])("%s is kept nowhere", (line, shown) => {
    const loaded = checkText(`${METADATA}[build]\n${line}\n`);
    const { config, rendered, fields, credentials } = loaded;
    expect(JSON.stringify({ config, rendered, fields })).not.toContain(SECRET);
    expect(JSON.stringify({ config, rendered, fields })).toContain("***@host");
    expect(credentials.map((one) => one.shown)).toEqual([shown]);
    expect(credentials[0]!.address).toContain(SECRET);
    expect(credentialRewrites(credentials)).toStartWith(`${shown}=`);
    expect(
      textWithoutCredentials({ file: "nua-config.toml", text: loaded.text }, credentials),
    ).not.toContain(SECRET);
  });

  test("a login by key has none", () => {
    const { credentials } = checkText(`${METADATA}[build]\ngit-url = "ssh://git@host/x.git"\n`);
    expect(credentials).toEqual([]);
  });

  test("the app's own environment stays", () => {
    const { config } = checkText(`${METADATA}[env]\nDB = "postgres://a:bcde@db/x"\n`);
    expect(config.env).toEqual({ DB: "postgres://a:bcde@db/x" });
  });

  test("a message about them shows none", () => {
    const call = () =>
      checkText(
        `${METADATA}[build]\ngit-url = "https://bob:${SECRET}@host/a b"\nbase-image = "https://x:${SECRET}@y"\n`,
      );
    expect(call).toThrow(ConfigError);
    try {
      call();
    } catch (error) {
      expect(String(error)).not.toContain(SECRET);
    }
  });

  test("one address has one", () => {
    const items = '["https://a:1111@h/x", "https://a:2222@h/x"]';
    expect(() => checkText(`${METADATA}[build]\npip-install = ${items}\n`)).toThrow(
      "has two passwords",
    );
  });
});
