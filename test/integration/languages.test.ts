/** Scripts of apps that have the agent install a language, as `nua.lib` lets them. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createTarGzip } from "nanotar";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker, gatewayOf } from "../helpers/engine.ts";
import { sha256 } from "../helpers/site.ts";

const client = testBuilder("embedded");

let folder: string;
let gateway: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  gateway = await gatewayOf(client);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeApp(id: string, script: string): Promise<string> {
  const app = join(folder, id);
  const metadata = { id, version: "1.0", title: "Languages", author: "The Nua team" };
  const config = { metadata, build: { "build-as-root": true }, run: { start: "true" } };
  await Bun.write(join(app, "nua-config.json"), JSON.stringify(config));
  await Bun.write(join(app, "build.py"), script);
  return app;
}

function build(app: string, env: Record<string, string> = {}) {
  return nuaBuild(["--quiet", "--output", `${folder}/`, app], { client, env });
}

test("build.py installs Node", async () => {
  const script = `from nua.lib.actions.nodejs import install_nodejs\ninstall_nodejs("18")\n`;
  expect(await build(await writeApp("languages-node", script))).toMatchObject({ status: 0 });
  const words = ["run", "--rm", "nua-languages-node:1.0", "node", "--version"];
  expect(await docker(client, ...words)).toStartWith("v18.");
});

test("and it does so from the registry that is set", async () => {
  const asked: string[] = [];
  using registry = Bun.serve({
    port: 0,
    hostname: "0.0.0.0",
    fetch(request) {
      asked.push(new URL(request.url).pathname);
      return new Response("", { status: 404 });
    },
  });
  const script = `from nua.lib.actions.nodejs import install_nodejs\ninstall_nodejs("18")\n`;
  const app = await writeApp("languages-registry", script);
  const env = { NUA_NPM_REGISTRY: `http://${gateway}:${registry.port}/npm/` };
  const { status, stderr } = await build(app, env);
  expect(stderr).toMatch(/Read "http:[^ ]*\/npm\/node[^ ]*": there is no such package/);
  expect(status).toBe(5);
  expect(asked[0]).toStartWith("/npm/node");
});

/** The smallest thing that is configured, made and installed as Ruby is. */
const CONFIGURE = `#!/bin/sh
cat >ruby <<'END'
#!/bin/sh
echo 3.9.1
END
chmod 755 ruby
printf 'all:\\n\\t@echo made with %s\\n' "$*" >Makefile
printf 'install:\\n\\tinstall -D ruby $(DESTDIR)/usr/local/bin/ruby\\n' >>Makefile
`;

/** A mirror with one version of that. */
async function startMirror(damage: "none" | "changed" | "missing") {
  const source = await createTarGzip([
    { name: "ruby-3.9.1/configure", data: CONFIGURE, attrs: { mode: "0755" } },
  ]);
  const digest = damage === "changed" ? "0".repeat(64) : sha256(source);
  const index = `ruby-3.9.1\thttps://a.example/pub/ruby/3.9/ruby-3.9.1.tar.gz\tx\t${digest}\tx\n`;
  const server = Bun.serve({
    port: 0,
    hostname: "0.0.0.0",
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/index.txt") return new Response(index);
      const isThere = pathname === "/3.9/ruby-3.9.1.tar.gz" && damage !== "missing";
      return isThere ? new Response(Buffer.from(source)) : new Response("", { status: 404 });
    },
  });
  return {
    env: { NUA_RUBY_MIRROR: `http://${gateway}:${server.port}` },
    [Symbol.dispose]: () => void server.stop(true),
  };
}

const INSTALL_RUBY = `from nua.lib.actions.ruby import install_ruby\ninstall_ruby("3.9")\n`;

test("build.py has a Ruby compiled, and its compiler is gone afterwards", async () => {
  using mirror = await startMirror("none");
  const app = await writeApp("languages-ruby", INSTALL_RUBY);
  expect(await build(app, mirror.env)).toMatchObject({ status: 0 });
  const line = "cat /nua/ruby_version; ls /usr/bin/gcc || echo no compiler";
  const words = ["run", "--rm", "nua-languages-ruby:1.0", "sh", "-c", line];
  expect(await docker(client, ...words)).toBe("3.9.1\nno compiler");
});

test.each([
  ["changed", /Check "http:[^ ]*ruby-3\.9\.1\.tar\.gz": expected 0000/],
  ["missing", /Fetch "http:[^ ]*ruby-3\.9\.1\.tar\.gz": there is nothing/],
] as const)("a source that is %s ends the build", async (damage, message) => {
  using mirror = await startMirror(damage);
  const { status, stderr } = await build(await writeApp("languages-bad", INSTALL_RUBY), mirror.env);
  expect(stderr).toMatch(message);
  expect(status).toBe(5);
});
