/** What a bundle does not have: named, brought from the connected side, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { flipBit, leaveOut } from "../helpers/edit-bundle.ts";
import { type Client, docker } from "../helpers/engine.ts";
import { indexSettings, type Site, startSite } from "../helpers/site.ts";

const ID = "test-airgap-missing";
const TAG = `nua-${ID}:1.0`;

/** One Debian package, one wheel, one tarball of npm; and an app that has grown by one of each. */
const APP = writing({ packages: ["hello"], wheels: ["tinyweb"], tarballs: { isarray: "2.0.5" } });
const GROWN = writing({
  packages: ["hello", "ed"],
  wheels: ["tinyweb", "psycopg2-binary"],
  tarballs: { isarray: "2.0.5", ms: "2.1.3" },
});

const builders = [testBuilder("buildx"), testBuilder("legacy")];
// The engine's old builder: other tests record by another.
const recording = testBuilder("legacy");

let folder: string;
let site: Site;
let settings: Record<string, string>;
/** With a network. */
let connected: Record<string, string>;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  for (const name of ["contexts", "output", "app", "grown"]) await mkdir(at(name));
  await writeFiles("app", APP);
  await writeFiles("grown", GROWN);
  site = startSite();
  settings = {
    NUA_BUILD_DIR: at("contexts"),
    NUA_OUTPUT: at("output/"),
    XDG_STATE_HOME: at("state"),
  };
  connected = { ...settings, ...(await indexSettings(recording, site)) };
  const argv = ["bundle", "--no-bases", "--no-prove", "-o", at("app.bundle"), at("app")];
  const made = await nuaBuild(argv, { client: recording, env: connected });
  expect({ ...made, stdout: "" }).toMatchObject({ status: 0 });
  expect(await leftBehind(recording)).toEqual([]);
});
afterAll(async () => {
  site[Symbol.dispose]();
  await docker(recording, "image", "rm", "--force", TAG).catch(() => "");
  await rm(folder, { recursive: true, force: true });
});

describe("before anything is built", () => {
  const build = async (bundle: string) => {
    const outcome = await nuaBuild(["--bundle", bundle], { client: recording, env: settings });
    expect(await leftBehind(recording)).toEqual([]);
    return outcome;
  };

  test("all that a bundle says to have, and has not, is named", async () => {
    const left = await leaveOut(at("app.bundle"), at("less.bundle"), ({ url }) =>
      /\/hello_[^/]+\.deb$|\.whl$|\.tgz$/.test(url),
    );
    expect(left).toHaveLength(3);
    const { status, stderr } = await build(at("less.bundle"));
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(missingLines(stderr)).toEqual([
      expect.stringMatching(/^deb hello \S+ \(\w+\), wanted by nua-config\.toml:9$/),
      "npm isarray 2.0.5, wanted by package.json:6",
      "pypi tinyweb 2.0, wanted by requirements.txt:1",
    ]);
    expect(stderr).toContain("3 inputs are missing");
  });

  test("a flipped bit is refused", async () => {
    await copyFile(at("app.bundle"), at("damaged.bundle"));
    await flipBit(at("damaged.bundle"));
    const { status, stderr } = await build(at("damaged.bundle"));
    expect({ status, stderr }).toMatchObject({ status: 7 });
    expect(stderr).toContain("damaged.bundle");
  });
});

describe.each(builders)("an app that wants more, by $name", (client) => {
  const run = (argv: string[], env = settings) => nuaBuild(argv, { client, env });

  test("is told what, and gets it from the connected side", async () => {
    const { status, stderr } = await run(["--bundle", at("app.bundle"), at("grown")]);
    expect({ status, stderr }).toMatchObject({ status: 4 });
    // Whoever asks again is told again, although the builder has its layers in its cache.
    const again = await run(["--bundle", at("app.bundle"), at("grown")]);
    expect(missingLines(again.stderr)).toEqual(missingLines(stderr));
    expect(missingLines(stderr)).toEqual([
      expect.stringMatching(/^deb ed \S+ \(\w+\), wanted by nua-config\.toml:9$/),
      "npm ms, wanted by package.json:7",
      "pypi psycopg2-binary, wanted by requirements.txt:2",
    ]);
    expect(await leftBehind(client)).toEqual([]);
    const request = `nua-${ID}_1.0.missing`;
    expect((await readdir(at("output"))).sort()).toEqual([request, `${request}.sha256`]);

    const carried = at(`output/${request}`);
    const bring = ["bundle", "--missing", carried, "-o", at("more.bundle"), "--json"];
    const brought = await run(bring, connected);
    expect({ ...brought, stdout: "" }).toMatchObject({ status: 0 });
    expect(JSON.parse(brought.stdout)).toMatchObject({ ok: true, proved: false, apps: [TAG] });

    const bundles = ["--bundle", at("app.bundle"), "--bundle", at("more.bundle")];
    const built = await run([...bundles, at("grown")]);
    expect({ ...built, stdout: "" }).toMatchObject({ status: 0 });
    const script = `ed --version | head -1
python3 -c "import psycopg2; print(psycopg2.NAME)"
node -e "console.log(require('/nua/build/node_modules/ms')('1 h'))"`;
    const printed = await docker(client, "run", "--rm", TAG, "sh", "-c", script);
    expect(printed).toMatch(/^GNU ed .*\nnot the real psycopg2\n3600000$/);
    await docker(client, "image", "rm", "--force", TAG);
    await rm(at("output"), { recursive: true });
    await mkdir(at("output"));
  });
});

// --- internal ---

interface Wanted {
  packages: string[];
  wheels: string[];
  tarballs: Record<string, string>;
}

function writing({ packages, wheels, tarballs }: Wanted): Record<string, string> {
  const lines = [
    ...["[metadata]", `id = "${ID}"`, 'version = "1.0"', 'title = "T"', 'author = "Nua"'],
    ...["[build]", 'builder = "nodejs20"', "[run]"],
    ...[`packages = ${JSON.stringify(packages)}`, 'start = "true"'],
  ];
  const manifest = { name: "parts", version: "1.0.0", private: true, dependencies: tarballs };
  return {
    "nua-config.toml": `${lines.join("\n")}\n`,
    "requirements.txt": `${wheels.join("\n")}\n`,
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
  };
}

async function writeFiles(name: string, files: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(files)) await writeFile(join(at(name), file), text);
}

/** Those that the message lists, one below the other. */
function missingLines(stderr: string): string[] {
  const lines = stderr.split("\n").map((line) => line.trim());
  return lines.filter((line) => /^(deb|pypi|npm|index|file) .*, wanted by /.test(line)).sort();
}

/** Of a build that failed: files of it, its image, and containers of images of nua-build's. */
async function leftBehind(client: Client): Promise<string[]> {
  const [images, containers, files] = await Promise.all([
    docker(client, "images", "--quiet", TAG),
    docker(client, "ps", "--all", "--quiet", "--filter", "ancestor=nua-builder-nodejs20:0.1.0"),
    readdir(at("contexts")),
  ]);
  return [images, containers, ...files].filter((text) => text !== "");
}
