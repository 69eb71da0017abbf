/** Packages out of a JSR of the test's own: what is in an image is what the lock file has. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker, gatewayOf } from "../helpers/engine.ts";
import { type JsrPackage, type JsrServer, startJsrServer } from "../helpers/jsr-server.ts";

const client = testBuilder("embedded");

const word = (version: string): JsrPackage => ({
  ...{ name: "@me/word", version },
  files: { "mod.ts": `export const word: string = "word ${version}";\n` },
});
const greet = (version: string): JsrPackage => ({
  ...{ name: "@me/greet", version, exports: { ".": "mod.ts", "./loud": "src/loud.ts" } },
  files: {
    "mod.ts": `import { word } from "jsr:@me/word@^1.0.0";\nexport const greet = "greet ${version}, " + word;\n`,
    "src/loud.ts": `export { greet } from "../mod.ts";\nexport const mark = "!";\n`,
  },
});

const CONFIG = JSON.stringify({
  imports: { "@me/greet": "jsr:@me/greet@^1.0.0" },
  tasks: { start: "deno run main.ts" },
});
const MAIN = `import { greet, mark } from "@me/greet/loud";\nconsole.log(greet + mark);\n`;

/** As Deno writes it: by the digest of what a version says of itself. */
async function lockFile(port: number): Promise<string> {
  const digest = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/jsr/${path}_meta.json`);
    return createHash("sha256")
      .update(await answer.text())
      .digest("hex");
  };
  const lock = {
    version: "5",
    specifiers: { "jsr:@me/greet@1": "1.0.0", "jsr:@me/word@1": "1.0.0" },
    jsr: {
      "@me/greet@1.0.0": {
        integrity: await digest("@me/greet/1.0.0"),
        dependencies: ["jsr:@me/word"],
      },
      "@me/word@1.0.0": { integrity: await digest("@me/word/1.0.0") },
    },
    workspace: { dependencies: ["jsr:@me/greet@1"] },
  };
  return `${JSON.stringify(lock, null, 2)}\n`;
}

let folder: string;
let server: JsrServer;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  server = startJsrServer([word("1.0.0"), word("1.2.0"), greet("1.0.0"), greet("1.1.0")]);
  env = { NUA_JSR_REGISTRY: `http://${await gatewayOf(client)}:${server.port}/jsr` };
});
afterAll(async () => {
  server[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

async function build(name: string, files: Record<string, string>, ...words: string[]) {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) await Bun.write(join(app, path), text);
  const built = await nuaBuild(["--no-save", ...words, app], { client, env });
  return { ...built, tag: `nua-${name}:0.1.0` };
}

const run = (tag: string, ...words: string[]) =>
  docker(client, "run", "--rm", "--network", "none", tag, ...words);

describe("an app without a configuration", () => {
  test("gets what its lock file has, and asks nobody when it is started", async () => {
    const files = {
      "deno.json": CONFIG,
      "deno.lock": await lockFile(server.port),
      "main.ts": MAIN,
    };
    const { status, stderr, tag } = await build("jsr-locked", files);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(await run(tag)).toBe("greet 1.0.0, word 1.0.0!");
    // It is as JSR itself would have handed it out.
    const words = [
      "sh",
      "-c",
      "cd /nua/.deno/remote && find . -type d; grep -rL 'time\":0}' . || true",
    ];
    expect((await run(tag, ...words)).split("\n")).toEqual([".", "./https", "./https/jsr.io"]);
  }, 600_000);

  test("gets the newest without a lock file, and is told", async () => {
    const files = { "deno.json": CONFIG, "main.ts": MAIN };
    const { status, stderr, tag } = await build("jsr-newest", files);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).toContain("there is no deno.lock: two builds may get different versions");
    expect(await run(tag)).toBe("greet 1.1.0, word 1.2.0!");
  }, 600_000);

  test("and gets nothing where a package is another than its lock file has", async () => {
    const lock = (await lockFile(server.port)).replace(/"integrity": "../, '"integrity": "ff');
    const files = { "deno.json": CONFIG, "deno.lock": lock, "main.ts": MAIN };
    const { status, stderr } = await build("jsr-altered", files);
    expect({ status, stderr }).toMatchObject({ status: 5 });
    expect(stderr).toContain("Integrity check failed");
  }, 600_000);

  test("with --frozen, a lock file has to fit", async () => {
    const files = { "deno.json": CONFIG, "deno.lock": '{"version": "5"}', "main.ts": MAIN };
    const { status, stderr } = await build("jsr-frozen", files, "--frozen");
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(stderr).toContain(
      "deno.json:1 asks for jsr:@me/greet@^1.0.0, and deno.lock has nothing",
    );
  });
});
