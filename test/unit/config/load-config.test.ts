import { describe, expect, test } from "bun:test";
import { ConfigError } from "../../../src/config/problems.ts";
import { checkText, METADATA } from "../../helpers/config.ts";

describe("values become what is stored", () => {
  test("the three formats say the same", () => {
    const toml = checkText(`${METADATA}[run]\nstart = ["a", "b"]\n[port.web]\ncontainer = 80\n`);
    const yaml = checkText(
      "metadata: {id: app, version: '1.0', title: App, author: Me}\nrun: {start: [a, b]}\nport: {web: {container: 80}}\n",
      { format: "yaml" },
    );
    const json = checkText(
      '{"metadata": {"id": "app", "version": "1.0", "title": "App", "author": "Me"}, "run": {"start": ["a", "b"]}, "port": {"web": {"container": 80}}}',
      { format: "json" },
    );
    expect(yaml.config).toEqual(toml.config);
    expect(json.config).toEqual(toml.config);
  });

  test("ports are complete, an absent [build] stays absent", () => {
    const { config } = checkText(`${METADATA}[port.web]\ncontainer = "8080"\n`);
    expect(config.build).toBeUndefined();
    expect(config.port).toEqual({
      web: { container: 8080, host: null, proxy: null, protocol: "tcp", ssl: true, web: true },
    } as never);
  });

  test("a version that looks like a number keeps its zero", () => {
    const toml = METADATA.replace('"1.0"', "1.10");
    expect(checkText(toml).config.metadata.version).toBe("1.10");
    const yaml = "metadata: {id: app, version: 1.10, title: App, author: Me}\n";
    expect(checkText(yaml, { format: "yaml" }).config.metadata.version).toBe("1.10");
  });

  test("the environment is text, as Python writes it", () => {
    const { config } = checkText(
      `${METADATA}[env]\nA = true\nB = 1.50\nC = [1, 'a']\nD = {from = "db", key = 5}\nMixed_Case = ""\n`,
    );
    expect(config.env).toEqual({
      A: "True",
      B: "1.50",
      C: "[1, 'a']",
      D: { from: "db", key: "5" },
      Mixed_Case: "",
    });
  });

  test("both spellings of keys are read, the one with hyphens wins", () => {
    const { config } = checkText(
      `${METADATA}[Build]\nsrc_url = "under"\nSRC-URL = "upper"\nsrc-url = "hyphen"\npip_install = "x"\n`,
    );
    expect(config.build).toMatchObject({ "src-url": "hyphen", "pip-install": "x" });
  });

  test("options keep their keys", () => {
    const { config } = checkText(
      `${METADATA}[[volume]]\ntarget = "/t"\n[volume.options]\nIdentityFile = "k"\ntmpfs_size = "1G"\n`,
    );
    expect(config.volume?.[0]?.options).toEqual({ IdentityFile: "k", tmpfs_size: "1G" });
  });

  test("a checksum may carry its algorithm", () => {
    const sum = "AB".repeat(32);
    const { config } = checkText(`${METADATA}[build]\nsrc-checksum = "sha256:${sum}"\n`);
    expect(config.build?.["src-checksum"]).toBe(sum.toLowerCase());
  });
});

describe("braces", () => {
  test("are formatted in the fields that take them, twice deep", () => {
    const { fields } = checkText(
      `${METADATA}website = "w/{version}"\n[build]\nsrc-url = "{website}/{id}.tgz"\nbuild = ["echo {{{id}}}"]\n`,
    );
    expect(fields.srcUrl).toBe("w/1.0/app.tgz");
    expect(fields.build).toEqual(["echo {app}"]);
  });

  test("elsewhere they are only text", () => {
    const { config, warnings } = checkText(
      `${METADATA}description = "a lone { brace"\n[build]\ntest = "echo \${HOME}"\n`,
    );
    expect(config.metadata.description).toBe("a lone { brace");
    expect(warnings).toEqual([]);
  });
});

describe("warnings", () => {
  test("a key in the wrong place is used, and told where it belongs", () => {
    const { config, warnings } = checkText(`${METADATA}license = "MIT"\n`);
    expect(config.build?.license).toBe("MIT");
    expect(warnings).toEqual([
      {
        severity: "warning",
        message: "metadata.license: it belongs in another place",
        position: { line: 6, column: 1 },
        hint: "write it as build.license",
      },
    ]);
  });

  test("an unknown key is a warning, and an error when asked for", () => {
    const text = `${METADATA}[run]\nstrat = "x"\n`;
    expect(checkText(text).warnings).toMatchObject([
      { message: "run.strat: unknown key", hint: 'did you mean "start"?' },
    ]);
    expect(() => checkText(text, { strict: true })).toThrow(ConfigError);
  });
});

test("every error is told at once, in the order of the file", () => {
  const text = '[metadata]\nid = "Bad Id"\nversion = "?"\ntitle = []\n[build]\nmethod = "x"\n';
  try {
    checkText(text.replace("title = []\n", 'title = "t"\nauthor = "a"\n'));
    throw new Error("no error");
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { problems } = error as ConfigError;
    expect(problems.map(({ position }) => position.line)).toEqual([2, 3, 7]);
  }
});

test("keys of the language's own objects do no harm", () => {
  const text =
    '{"metadata": {"id": "app", "version": "1", "title": "t", "author": "a"}, "__proto__": {"x": 1}, "constructor": 3}';
  const { config } = checkText(text, { format: "json" });
  expect(Object.keys(config)).toEqual(["metadata", "env", "port"]);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});
