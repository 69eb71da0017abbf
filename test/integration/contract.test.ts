/**
 * What upstream gets wrong and this tool does better, by the numbers of the list of its defects:
 * those that show in an image or on a real engine. test/unit/contract.test.ts has the others, but
 * for 10.31, which is about another program.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { $ } from "zx";
import { BINARY, type Outcome } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { METADATA } from "../helpers/config.ts";
import {
  CONTRACT_APP,
  CONTRACT_ID,
  CONTRACT_TAG,
  openWorkshop,
  type Workshop,
} from "../helpers/contract-app.ts";
import { docker, startApp } from "../helpers/engine.ts";

const client = testBuilder("embedded");
const ID = CONTRACT_ID;
const TAG = CONTRACT_TAG;

let shop: Workshop;
let folder: string;
let built: Outcome;
beforeAll(async () => {
  shop = await openWorkshop(client);
  folder = shop.folder;
  built = await shop.build(CONTRACT_APP);
  expect(built).toMatchObject({ status: 0 });
});
afterAll(() => shop[Symbol.asyncDispose]());

async function writeApp(
  name: string,
  config: string,
  files: Record<string, string> = {},
): Promise<string> {
  const root = join(folder, name);
  for (const [path, text] of Object.entries({ "nua-config.toml": config, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/** The least configuration of an app of this test. */
function minimal(id: string, sections = ""): string {
  return `${METADATA.replace('"app"', `"${ID}-${id}"`)}${sections}`;
}

describe("commands of the build", () => {
  test("10.1: a failing one stops the build, and so does one of build.py", async () => {
    const failing = await shop.build(
      await writeApp("fail", minimal("fail", '[build]\nbuild = "false"\n')),
    );
    expect(failing.status).toBe(5);
    const script = { "build.py": "raise SystemExit(4)\n" };
    expect((await shop.build(await writeApp("fail-py", minimal("fail"), script))).status).toBe(5);
  });
  test("10.1: the app gets the signals, and its status is the container's", async () => {
    await using app = await startApp(client, TAG, { port: 8000 });
    await app.get("/");
    const { status, seconds } = await app.stop();
    expect({ status, isQuick: seconds < 5 }).toEqual({ status: 7, isQuick: true });
    const ended = await docker(client, "run", "--detach", TAG, "python", "-c", "exit(9)");
    expect(await docker(client, "wait", ended)).toBe("9");
    await docker(client, "rm", ended);
  });
  test("10.2 11.34: the whole line runs as user nua, in one shell", async () => {
    expect(await shop.sh("cat /nua/build/who.txt")).toBe("nua\nnua\nnua");
    expect(await shop.sh("stat -c %U /nua/build/who.txt; cat /nua/app/made.txt")).toBe("nua\nhere");
  });
  test("10.9: build.py and start.py at the top are found", async () => {
    const files = { "build.py": "open('made', 'w').write('m')\n", "start.py": "print('ran')\n" };
    expect((await shop.build(await writeApp("top", minimal("top"), files))).status).toBe(0);
    expect(await docker(client, "run", "--rm", `nua-${ID}-top:1.0`)).toBe("ran");
    expect(await shop.sh("cat /nua/build/made", `nua-${ID}-top:1.0`)).toBe("m");
  });
  test("10.13: a requirement with > is one, and requirements without a project are enough", async () => {
    expect(await shop.sh("python -c 'import tinyweb; print(tinyweb.LINE)'")).toBe(
      "b'tinyweb 1.2\\n'",
    );
    expect(await shop.sh("ls /nua/build")).not.toContain("=1.0");
    const files = { "requirements.txt": "tinyweb==1.0\n", "start.py": "import tinyweb\n" };
    expect((await shop.build(await writeApp("reqs", minimal("reqs"), files))).status).toBe(0);
  });
  test("10.26: what builds is gone, and all of the virtual environment belongs to nua", async () => {
    expect(await shop.sh("command -v make || echo gone")).toBe("gone");
    expect(await shop.sh("find /nua/venv ! -user nua | head -1")).toBe("");
  });
  test("10.28: tests and start commands run in the source's folder", async () => {
    await using app = await startApp(client, TAG, { port: 8000, env: { GREETING: "hi" } });
    const { body } = await app.get("/");
    expect(body).toBe("hi|/nua/build|nua|The contract 🎉 hi");
  });
});

describe("images", () => {
  test("10.10: the metadata is checked, whatever the configuration tests", async () => {
    const dockerfile = "ARG nua_builder_tag\nFROM $nua_builder_tag\nRUN true\n";
    const app = await writeApp("bare", minimal("bare", "[build]\n"), {
      "nua/Dockerfile": dockerfile,
    });
    const outcome = await shop.build(app);
    expect(outcome.status).toBe(8);
    expect(outcome.stderr).toContain("/nua/metadata/nua-config.json");
  });
  test("10.15 10.16: base images come from the binary: none is ever pulled", async () => {
    const log = join(folder, "calls");
    const shim = join(folder, "engine");
    await writeFile(shim, `#!/bin/sh\necho "$@" >>${log}\nexec ${client.program} "$@"\n`, {
      mode: 0o755,
    });
    const app = await writeApp("pull", minimal("pull", '[run]\nstart = "true"\n'));
    expect((await shop.build(app, ["--no-save"], { NUA_ENGINE: shim, ...client.env })).status).toBe(
      0,
    );
    const calls = (await readFile(log, "utf8")).split("\n");
    expect(calls.filter((call) => /^pull\b|--pull\b/.test(call))).toEqual([]);
    expect(calls.some((call) => call.startsWith("build ") || call.includes(" build "))).toBe(true);
  });
  test("10.27: a rendered file has the mode of its template, and dot files are rendered", async () => {
    // A checkout tells no more of a mode than whether a file is a program: the build says the rest.
    const protect = 'build = "chmod 640 nua/templates/etc/secret.j2"';
    const app = await writeApp(
      "modes",
      minimal(
        "modes",
        `[build]\n${protect}\n[run]\nstart = "stat -c %a:%U:%G /etc/secret /etc/.dot"\n`,
      ),
      {
        "nua/templates/etc/secret.j2": "s",
        "nua/templates/etc/.dot.j2": "d",
      },
    );
    expect((await shop.build(app)).status).toBe(0);
    const image = `nua-${ID}-modes:1.0`;
    expect(await docker(client, "run", "--rm", image)).toBe("640:root:nua\n644:root:nua");
  });
  test("10.29: wrapping keeps the user, needs no shell", async () => {
    const base = `${ID}-wrapped`;
    const context = join(folder, "wrapped");
    await mkdir(context);
    await writeFile(
      join(context, "Dockerfile"),
      'FROM scratch\nCOPY Dockerfile /\nUSER 1000\nCMD ["/x"]\n',
    );
    await docker(client, "build", "--quiet", "--tag", base, context);
    const app = await writeApp("wrap", minimal("wrap", `[build]\nbase-image = "${base}"\n`));
    expect((await shop.build(app)).status).toBe(0);
    const format = "{{.Config.User}} {{.Config.Cmd}} {{.Config.Labels.APP_ID}}";
    expect(await shop.inspect(`nua-${ID}-wrap:1.0`, format)).toBe(`1000 [/x] ${ID}-wrap`);
  });
  test("10.32: nua.lib.actions has what scripts import", async () => {
    const line = "from nua.lib.actions import pip_install_glob, install_meta_packages";
    expect(await shop.sh(`python -c '${line}; print(1)'`)).toBe("1");
  });
  test("11.40: a rebuild leaves no image without a tag", async () => {
    const app = await writeApp("again", minimal("again", '[run]\nstart = "true"\n'));
    const dangling = () =>
      docker(
        client,
        ...["images", "--quiet", "--filter", "dangling=true"],
        ...["--filter", `label=APP_ID=${ID}-again`],
      );
    for (const text of ["one", "two"]) {
      await writeFile(join(app, "file"), text);
      expect((await shop.build(app)).status).toBe(0);
    }
    expect(await dangling()).toBe("");
  });
});

describe("the tool", () => {
  test("10.11: neither a wrong builder nor a failing build leaves a folder", async () => {
    const wrong = await writeApp("wrong", minimal("wrong", '[build]\nbuilder = "nod"\n'));
    expect((await shop.build(wrong)).status).toBe(3);
    expect((await shop.build(join(folder, "fail"))).status).toBe(5);
    expect(await readdir(shop.buildDir)).toEqual([]);
  });
  test("10.12: an archive that leads outside is refused by name", async () => {
    const sections = '[build]\nsrc-url = "evil.tar"\n[run]\nstart = "true"\n';
    const app = await writeApp("evil", minimal("evil", sections));
    await writeFile(join(app, "x"), "");
    await $({
      cwd: app,
    })`tar --create --absolute-names --file evil.tar --transform s,x,../../../escaped, x`;
    const outcome = await shop.build(app);
    expect(outcome.status).toBe(4);
    expect(outcome.stderr).toContain("escaped");
  });
  test("10.17: the archive is the image's own tag, and is renamed into its place", async () => {
    expect(built.stdout.trim().split("\n")).toEqual([TAG, join(shop.output, `${TAG}.tar`)]);
    expect((await readdir(shop.output)).filter((name) => !name.includes(":"))).toEqual([]);
  });
  test("10.23: the recipe of the documentation for a Dockerfile of one's own builds", async () => {
    const example = join(import.meta.dir, "../../examples/own-dockerfile");
    expect((await shop.build(example, ["--no-save"])).status).toBe(0);
  });
  test("10.24: NO_COLOR and --quiet are honoured, --validate finds what it can", async () => {
    const app = CONTRACT_APP;
    const colored = await shop.build(app, [], { NO_COLOR: "1", FORCE_COLOR: "" });
    expect(colored.stderr).not.toContain("\u001b[");
    const quiet = await shop.build(app, ["-q"]);
    expect(quiet).toEqual({ status: 0, stderr: "", stdout: `${shop.output}/${TAG}.tar\n` });
    const sections = [
      '[build]\nbuilder = "nod"\n',
      '[build]\nmethod = "x"\n',
      '[build]\nbuild = "{x}"\n',
      '[[provider]]\nname = "d"\nmodule-name = "postgres"\nmodule-version = ">99"\n',
    ];
    for (const [index, section] of sections.entries()) {
      const wrong = await writeApp(`validate-${index}`, minimal("validate", section));
      expect((await shop.build(wrong, ["--validate"])).status).toBe(3);
    }
  });
  test("10.33: builds of one app at once succeed, and a second one is cached", async () => {
    const app = await writeApp("twice", minimal("twice", '[run]\nstart = "true"\n'));
    const both = await Promise.all([shop.build(app, ["--json"]), shop.build(app, ["--json"])]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    // Without a common cache each has made an image of its own: the layers of either may be taken
    // again. The one that lost the tag may be gone.
    const layers = ({ stdout }: { stdout: string }) =>
      shop.inspect(JSON.parse(stdout).id, "{{json .RootFS.Layers}}").catch(() => "gone");
    const made = await Promise.all(both.map(layers));
    expect(made).toContain(await layers(await shop.build(app, ["--json"])));
  });
  test("10.33: a build of one app succeeds while another one takes the tag", async () => {
    const app = await writeApp("taken", minimal("taken", '[run]\nstart = "true"\n'));
    const tag = `nua-${ID}-taken:1.0`;
    const shim = join(folder, "taker");
    const base = (await docker(client, "image", "ls", "--quiet", "nua-python")).split("\n")[0];
    const take = `test "$1" != tag || ${client.program} tag ${base} ${tag}`;
    await writeFile(shim, `#!/bin/sh\n${client.program} "$@" || exit\n${take}\n`, { mode: 0o755 });
    const built = await shop.build(app, ["--json"], { NUA_ENGINE: shim, ...client.env });
    expect(built).toMatchObject({ status: 0, stderr: expect.stringContaining("another image") });
    const { id } = JSON.parse(built.stdout);
    const config = await docker(client, "run", "--rm", id, "cat", "/nua/metadata/nua-config.json");
    expect(JSON.parse(config).metadata.id).toBe(`${ID}-taken`);
    await docker(client, "image", "rm", tag, id);
  });
  test("11.37 11.41: a failing test is told with -q, on standard error", async () => {
    const sections = '[build]\ntest = "echo seen by nobody; exit 3"\n';
    const app = await writeApp("test", minimal("test", sections));
    const { status, stdout, stderr } = await shop.build(app, ["-q"]);
    expect({ status, stdout }).toEqual({ status: 5, stdout: "" });
    expect(stderr).toContain("seen by nobody");
    expect(stderr).toContain("build.test");
  });
  test("11.38: without an engine there are a few lines and a remedy", async () => {
    const app = CONTRACT_APP;
    const { status, stderr } = await shop.build(app, [], { DOCKER_HOST: "unix:///nowhere" });
    expect(status).toBe(6);
    expect(stderr.trim().split("\n").length).toBeLessThan(8);
    expect(stderr).toContain("hint:");
  });
  test.each(["SIGINT", "SIGTERM"] as const)(
    "11.42: %s leaves no folder and no container",
    async (signal) => {
      const app = await writeApp("stop", minimal("stop", '[build]\nbuild = "sleep 20"\n'));
      await writeFile(join(app, "unique"), crypto.randomUUID());
      const child = spawn(BINARY, ["-vv", app], {
        env: {
          ...process.env,
          ...client.env,
          NUA_BUILD_DIR: shop.buildDir,
          NUA_ENGINE: client.program,
        },
        stdio: ["ignore", "ignore", "pipe"],
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("sleep 20")) setTimeout(() => child.kill(signal), 500);
      });
      const status = await new Promise((resolve) => child.once("close", resolve));
      expect(status).toBe(signal === "SIGINT" ? 130 : 143);
      expect(await readdir(shop.buildDir)).toEqual([]);
    },
    60_000,
  );
});
