/** A bundle's base images serve builds from that bundle, and no others. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { baseTag } from "../../src/bases/base-images.ts";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";

const run = crypto.randomUUID().slice(0, 8);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(["buildx", "embedded", "legacy"] as const)("with %s", (name) => {
  const client = testBuilder(name);
  const base = `nua-test-own-base-${name}:${run}`;
  const tags = new Set([base]);
  let before: Set<string>;
  beforeAll(async () => {
    before = await bundled();
    await nua("bases", "build", "-q", "nua-builder");
    await buildBase("of the connected side");
  });
  afterAll(async () => {
    for (const tag of await bundled()) if (!before.has(tag)) tags.add(tag);
    for (const tag of tags) await docker(client, "image", "rm", "--force", tag).catch(() => "");
  });

  /** What bundles have brought. */
  async function bundled(): Promise<Set<string>> {
    const format = "{{.Repository}}:{{.Tag}}";
    return new Set((await docker(client, "images", "--format", format, "nua-bundle")).split("\n"));
  }

  async function buildBase(who: string): Promise<string> {
    const context = join(folder, name, "base");
    await mkdir(context, { recursive: true });
    await writeFile(join(context, "who"), `${who}\n`);
    await writeFile(join(context, "Dockerfile"), `FROM ${baseTag("nua-python")}\nCOPY who /who\n`);
    await docker(client, "build", "--quiet", "--tag", base, context);
    return docker(client, "image", "inspect", "--format", "{{.Id}}", base);
  }

  async function writeApp(app: string, files: Record<string, string>): Promise<string> {
    const root = join(folder, name, app);
    const metadata = `[metadata]\nid = "test-bundle-bases-${run}-${name}-${app}"\nversion = "1.0"\ntitle = "T"\nauthor = "Nua"\n`;
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text.replace("[metadata]\n", metadata));
    }
    tags.add(tagOf(app));
    return root;
  }

  const tagOf = (app: string) => `nua-test-bundle-bases-${run}-${name}-${app}:1.0`;

  async function nua(...argv: string[]): Promise<void> {
    const env = { NUA_OUTPUT: `${folder}/`, NUA_BUILD_DIR: join(folder, "contexts") };
    const { status, stderr } = await nuaBuild(argv, { client, env });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  }

  const who = (tag: string) => docker(client, "run", "--rm", "--entrypoint", "cat", tag, "/who");

  const APPS: [string, Record<string, string>][] = [
    ["wraps", { "nua-config.toml": `[metadata]\n[build]\nbase-image = "${base}"\n` }],
    [
      "own",
      {
        "nua-config.toml": "[metadata]\n[run]\nstart = 'true'\n",
        "nua/Dockerfile": `ARG nua_builder_tag\nARG NAME=${base}\nFROM $NAME AS base\nFROM $nua_builder_tag\nCOPY --from=base /who /who\nCOPY --from=${base} /who /twice\nCOPY . /nua/build\nRUN app_builder\n`,
      },
    ],
  ];

  test.each(APPS)(
    "an app that %s is built upon the bundle's, the next upon the machine's",
    async (app, files) => {
      await buildBase("of the connected side");
      const root = await writeApp(app, files);
      const bundle = join(folder, `${name}-${app}.bundle`);
      await nua("bundle", root, "--no-prove", "-o", bundle);
      const own = await buildBase("of the machine");

      await nua("--bundle", bundle, "--no-save");
      expect(await who(tagOf(app))).toBe("of the connected side");
      expect(await docker(client, "image", "inspect", "--format", "{{.Id}}", base)).toBe(own);
      expect([...(await bundled())].some((tag) => /^nua-bundle:[0-9a-f]{64}$/.test(tag))).toBe(
        true,
      );

      await nua("--no-save", root);
      expect(await who(tagOf(app))).toBe("of the machine");
    },
  );

  test("no archive takes the name of a base, unless it is loaded as one", async () => {
    const id = () =>
      docker(client, "image", "inspect", "--format", "{{.Id}}", baseTag("nua-python"));
    const [machine, archive] = [await id(), join(folder, `${name}.tar`)];
    await docker(client, "save", "--output", archive, baseTag("nua-python"));
    const { status, stderr } = await nuaBuild(["load", archive], { client });
    expect({ status, hint: stderr.includes("nua-build bases load FILE") }).toEqual({
      ...{ status: 4, hint: true },
    });
    await nua("bases", "load", "-q", archive);
    expect(await id()).toBe(machine);
  });
});
