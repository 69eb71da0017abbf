import { describe, expect, test } from "bun:test";
import { ConfigError } from "../../../src/config/problems.ts";
import { checkText, METADATA } from "../../helpers/config.ts";

const check = (body: string) => () => checkText(`${METADATA}${body}\n`);

describe("what would pass for an option or a command is refused", () => {
  test.each([
    '[build]\nbase-image = "--help"',
    '[build]\nbase-image = "a b"',
    '[build]\nbase-image = "a\\nRUN x"',
    '[[provider]]\nname = "p"\ntype = "docker-image"\nbuild = {base-image = "-v"}',
    '[build]\npackages = ["-y"]',
    '[build]\npackages = ["foo;rm"]',
    '[build]\npackages = ["foo-"]',
    '[run]\npackages = ["git --reinstall"]',
    '[build]\nmeta-packages = ["--x"]',
    '[[provider]]\nname = "p"\ntype = "local"\nservice = "x"\npackages = ["$(id)"]',
    '[build]\ngit-url = "--upload-pack=touch /x"',
    '[build]\ngit-url = "ext::sh -c id"',
    '[build]\ngit-url = "fd::17"',
    '[build]\ngit-url = "https://h/x"\ngit-branch = "--orphan"',
    '[build]\ngit-url = "https://h/x"\ngit-branch = "a..b"',
    '[build]\nsrc-url = "-o"',
    '[build]\nsrc-url = "gopher://h/x"',
    '[build]\nproject = "--x"',
    '[build]\nbuild-script = "-cimport os"',
    '[build]\nbuild-script = "../build.py"',
    '[run]\nstart-script = "/etc/start.py"',
    '[build]\ndocument-root = "/"',
    '[build]\ndocument-root = "/nua"',
    '[build]\ndocument-root = "a/.."',
    '[build]\ndocument-root = "../build/"',
    '[[provider]]\nname = "p"\ntype = "app"\nbuild = {build-script = "-m"}',
    `[build]\nbuild = ["true", "${"x".repeat(132_000)}"]`,
    `[run]\nstart = "${"é".repeat(66_000)}"`,
    '[build]\npip-install = ["a\\nb"]',
    '[[volume]]\nname = "d"\ntarget = "/a/../etc"',
    '[[volume]]\nname = "d"\ntarget = "data:ro"',
    '[[volume]]\nname = "d"\ntarget = "/"',
  ])("%s", (body) => {
    expect(check(body)).toThrow("is not");
  });
});

describe("what is one is taken", () => {
  test.each([
    '[build]\nbase-image = "docker.io/library/postgres:15.1"',
    '[build]\nbase-image = "localhost:5000/a/b-c__d:{version}"',
    `[build]\nbase-image = "a@sha256:${"0".repeat(64)}"`,
    '[build]\npackages = "g++ libstdc++6:amd64 git=1:2.39.5-0+deb12u2 x11-utils/stable"',
    '[build]\ngit-url = "git@github.com:a/b.git"\ngit-branch = "release-{version}"',
    '[build]\ngit-url = "./repo"',
    '[build]\nsrc-url = "vendor/x.tar.gz"',
    '[build]\nproject = "./sub"\nbuild-script = "tools/build.py"\ndocument-root = "/var/www"',
    '[build]\ndocument-root = "public"\n[run]\nstart-script = "nua/scripts/start.py"',
    `[build]\nbuild = ["", "${"é".repeat(65_000)}"]`,
    '[build]\npip-install = ["-r requirements.txt", "foo[bar]>=1; python_version > \\"3\\"", "*.whl"]',
    '[[volume]]\nname = "d"\ntarget = "/var/lib/app/"',
  ])("%s", (body) => {
    expect(check(body)).not.toThrow();
  });
});

describe("it is told where the very word stands", () => {
  test.each([
    ['[build]\npackages = ["git foo;rm", "-y"]', ["7:18", "7:27"]],
    ['[run]\npackages = "make --yes"', ["7:18"]],
    ['[build]\nbuild = ["true", "", "{nothing}"]', ["7:23"]],
    ['[[provider]]\nname = "p"\ntype = "local"\nservice = "x"\npackages = ["ok", "-q"]', ["10:19"]],
  ])("%s", (body, places) => {
    expect(placesOfProblems(body)).toEqual(places);
  });

  function placesOfProblems(body: string): string[] {
    try {
      checkText(`${METADATA}${body}\n`);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ position: { line, column } }) => `${line}:${column}`);
    }
    return [];
  }
});

describe("line breaks and marks of Windows", () => {
  const text = `${METADATA}[build]\nbuild = """\necho a > x\necho b > y\n"""\n`;
  test("a text of several lines is the same in a file of either kind", () => {
    const crlf = checkText(text.replaceAll("\n", "\r\n"));
    expect(crlf.config).toEqual(checkText(text).config);
    expect(crlf.config.build?.build).toBe("echo a > x\necho b > y\n");
  });
});
