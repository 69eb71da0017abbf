/** Gems out of a server of the test's own: what is installed is what the lock file has. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker, gatewayOf } from "../helpers/engine.ts";
import { type GemServer, startGemServer } from "../helpers/gem-server.ts";

const client = testBuilder("embedded");

const greet = (version: string) => ({
  ...{ name: "greet", version, needs: { word: "~> 1.0" } },
  files: { "lib/greet.rb": `require "word"\nGREET = "greet ${version}, word #{WORD}"\n` },
});
const word = (version: string) => ({
  ...{ name: "word", version, files: { "lib/word.rb": `WORD = "${version}"\n` } },
});
/** One that has to be compiled. */
const seven = {
  ...{ name: "seven", version: "1.0.0", extensions: ["ext/seven/extconf.rb"] },
  files: {
    "lib/seven.rb": 'require "seven/seven"\n',
    "ext/seven/extconf.rb": 'require "mkmf"\ncreate_makefile("seven/seven")\n',
    "ext/seven/seven.c":
      '#include <ruby.h>\nvoid Init_seven(void) { rb_define_global_const("SEVEN", INT2FIX(7)); }\n',
  },
};
const debug = { name: "debugger", version: "1.0.0", files: { "lib/debugger.rb": "" } };

const GEMFILE = `source "https://rubygems.org"

gem "greet", "~> 1.0"
gem "seven"
gem "debugger", group: :development
`;

function lockFile(platform: string): string {
  return `GEM
  remote: https://rubygems.org/
  specs:
    debugger (1.0.0)
    greet (1.0.0)
      word (~> 1.0)
    seven (1.0.0)
    word (1.0.0)

PLATFORMS
  ${platform}

DEPENDENCIES
  debugger
  greet (~> 1.0)
  seven

BUNDLED WITH
   2.3.15
`;
}

const APP = 'require "greet"\nrequire "seven"\nputs "#{GREET}, #{SEVEN}"\n';

let folder: string;
let server: GemServer;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  server = startGemServer([
    greet("1.0.0"),
    greet("1.1.0"),
    word("1.0.0"),
    word("1.2.0"),
    seven,
    debug,
  ]);
  env = { NUA_GEM_MIRROR: `http://${await gatewayOf(client)}:${server.port}` };
});
afterAll(async () => {
  server[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

async function build(name: string, files: Record<string, string>, others = {}) {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) await Bun.write(join(app, path), text);
  const built = await nuaBuild(["--no-save", app], { client, env: { ...env, ...others } });
  return { ...built, tag: `nua-${name}:0.1.0` };
}

const run = (tag: string, ...words: string[]) => docker(client, "run", "--rm", tag, ...words);

describe("an app without a configuration", () => {
  test("gets what its lock file has, however new the others are", async () => {
    const files = { Gemfile: GEMFILE, "Gemfile.lock": lockFile("ruby"), "app.rb": APP };
    const { status, stderr, tag } = await build("gems-locked", files);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(await run(tag)).toBe("greet 1.0.0, word 1.0.0, 7");
    const list = await run(tag, "sh", "-c", "cd /nua/build && ls vendor/bundle/ruby/*/gems");
    expect(
      list
        .trim()
        .split("\n")
        .filter((name) => !name.startsWith("bundler")),
    ).toEqual([...["greet-1.0.0", "seven-1.0.0", "word-1.0.0"]]);
    // What only the build needed is gone.
    expect(await run(tag, "sh", "-c", "command -v gcc || echo none")).toBe("none");
  }, 600_000);

  test("gets gems for Linux where its lock file has none, and is told", async () => {
    const files = { Gemfile: GEMFILE, "Gemfile.lock": lockFile("arm64-darwin-22"), "app.rb": APP };
    const { status, stderr, tag } = await build("gems-platform", files);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).toContain("Gemfile.lock was written for other systems than Linux");
    expect(await run(tag)).toBe("greet 1.0.0, word 1.0.0, 7");
  }, 600_000);

  test("gets what its Gemfile asks for beside the lock file, and is told", async () => {
    const lock = lockFile("ruby").replace("  seven\n", "").replace("    seven (1.0.0)\n", "");
    const files = { Gemfile: GEMFILE, "Gemfile.lock": lock, "app.rb": APP };
    const { status, stderr, tag } = await build("gems-anew", files);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).toContain('Gemfile.lock does not have the gem "seven" of Gemfile');
    expect(await run(tag)).toEndWith(", 7");
  }, 600_000);

  test("and a Ruby that nobody has is refused", async () => {
    const line = `ruby-3.1.4\thttps://h/3.1/ruby-3.1.4.tar.gz\t\t${"0".repeat(64)}\t\n`;
    using mirror = Bun.serve({ port: 0, hostname: "0.0.0.0", fetch: () => new Response(line) });
    const files = { Gemfile: `ruby "3.1.99"\n${GEMFILE}`, "app.rb": APP };
    const { status, stderr } = await build("gems-pin", files, {
      NUA_RUBY_MIRROR: `http://${await gatewayOf(client)}:${mirror.port}`,
    });
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(stderr).toContain("3.1.99");
    expect(stderr).toContain("3.1.4");
  });
});
