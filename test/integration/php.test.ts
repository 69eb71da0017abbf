/** An app in PHP whose libraries come out of a Packagist of the test's own, behind a password. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { contentHash } from "../../src/languages/php/content-hash.ts";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker, gatewayOf, startApp } from "../helpers/engine.ts";
import {
  lockedPackage,
  type PackagistServer,
  type PhpPackage,
  startPackagist,
} from "../helpers/packagist-server.ts";

const client = testBuilder("embedded");

const word = (version: string): PhpPackage => ({
  ...{ name: "acme/word", version, autoload: { "psr-4": { "Acme\\": "src/" } } },
  files: {
    "src/Word.php": `<?php\nnamespace Acme;\nclass Word { const IS = "word ${version}"; }\n`,
  },
});
const debug: PhpPackage = { name: "acme/debug", version: "1.0.0", files: { "a.php": "<?php\n" } };

const MANIFEST = {
  name: "acme/shop",
  require: { php: ">=8.1", "acme/word": "^1.0", "ext-bcmath": "*" },
  "require-dev": { "acme/debug": "*" },
  autoload: { "psr-4": { "App\\": "app/" } },
  scripts: { "post-autoload-dump": ["@php make.php"] },
};

const PAGE = `<?php
require __DIR__ . "/../vendor/autoload.php";
error_log("asked for " . $_SERVER["REQUEST_URI"]);
$made = trim(file_get_contents(__DIR__ . "/../made.txt"));
echo implode(", ", [Acme\\Word::IS, App\\Shop::NAME, bcadd("1", "2"), $made, getenv("COLOR")]), "\\n";
`;

const FILES = {
  "public/index.php": PAGE,
  "public/style.css": "p { color: red }\n",
  "public/.htaccess": "RewriteEngine On\n",
  "app/Shop.php": '<?php\nnamespace App;\nclass Shop { const NAME = "shop"; }\n',
  "make.php": '<?php\nfile_put_contents("made.txt", "made by a script\\n");\n',
};

const PASSWORD = { name: "me", password: "s3cret-of-packagist" };

let folder: string;
let server: PackagistServer;
let origin: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  server = startPackagist([word("1.0.0"), word("1.2.0"), debug], { password: PASSWORD });
  const host = `${await gatewayOf(client)}:${server.port}`;
  origin = `http://${host}`;
  env = { NUA_PACKAGIST_MIRROR: `http://${PASSWORD.name}:${PASSWORD.password}@${host}` };
});
afterAll(async () => {
  server[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

const lock = (manifest: object = MANIFEST) => ({
  "content-hash": contentHash(manifest as Record<string, unknown>),
  packages: [lockedPackage(word("1.0.0"), origin)],
  "packages-dev": [lockedPackage(debug, origin)],
  ...{ aliases: [], "minimum-stability": "stable", "stability-flags": [], "prefer-stable": false },
  ...{ "prefer-lowest": false, platform: { php: ">=8.1", "ext-bcmath": "*" }, "platform-dev": [] },
  "plugin-api-version": "2.3.0",
});

async function build(name: string, files: Record<string, string>, ...words: string[]) {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) await Bun.write(join(app, path), text);
  const built = await nuaBuild(["--no-save", ...words, app], { client, env });
  return { ...built, app, tag: `nua-${name}:0.1.0` };
}

describe("an app with a lock", () => {
  const locked = () => ({
    ...FILES,
    "composer.json": JSON.stringify(MANIFEST),
    "composer.lock": JSON.stringify(lock()),
  });

  test("gets what that has, and is served with its extensions, settings and logs", async () => {
    const { status, stderr, tag } = await build("shop", { ...locked() }, "-vv");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    // Composer itself agrees with the hash of what is installed.
    expect(stderr).not.toContain("lock file is not up to date");
    expect(stderr).not.toContain(PASSWORD.password);
    await using started = await startApp(client, tag, { port: 8080, env: { COLOR: "red" } });
    const body = "word 1.0.0, shop, 3, made by a script, red\n";
    expect(await started.get("/any/thing?a=1")).toEqual({ status: 200, body });
    expect(await started.get("/style.css")).toEqual({ status: 200, body: "p { color: red }\n" });
    for (const path of ["/.htaccess", "/none.php"]) {
      expect((await started.get(path)).status).toBe(404);
    }
    const stopped = await started.stop();
    expect(stopped.status).toBe(0);
  }, 900_000);

  test("is built anew from its layer of libraries after an edit", async () => {
    server.asked.length = 0;
    const edited = {
      ...locked(),
      "app/Shop.php": FILES["app/Shop.php"].replace('"shop"', '"new"'),
    };
    const { status, stderr, tag } = await build("shop", edited);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(server.asked).toEqual([]);
    await using started = await startApp(client, tag, { port: 8080, env: {} });
    expect((await started.get("/")).body).toStartWith("word 1.0.0, new, 3");
  }, 600_000);

  test("has no Composer, nothing of its tools, and no password in its image", async () => {
    const run = (line: string) => docker(client, "run", "--rm", "nua-shop:0.1.0", "sh", "-c", line);
    expect(await run("command -v composer git unzip || echo none")).toBe("none");
    expect(await run("ls /nua/build/vendor/acme")).toBe("word");
    expect(
      await run(
        `grep -rl "${PASSWORD.password}" / --include=*.json --include=*.php 2>/dev/null | grep -v ^/proc || echo none`,
      ),
    ).toBe("none");
  }, 600_000);
});

test("an app without a lock gets the newest, and is told", async () => {
  const manifest = JSON.stringify({ ...MANIFEST, name: "acme/shop-free" });
  const files = { ...FILES, "composer.json": manifest };
  const { status, stderr, tag } = await build("shop-free", files);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stderr).toContain("there is no composer.lock");
  await using started = await startApp(client, tag, { port: 8080, env: {} });
  expect((await started.get("/")).body).toStartWith("word 1.2.0, shop");
}, 600_000);
