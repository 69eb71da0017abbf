/** The base images: built, and carried to another machine in one archive. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { flipBit } from "../helpers/edit-bundle.ts";
import { docker } from "../helpers/engine.ts";

const client = testBuilder("legacy");
const VERSION = "0.1.0";
const TAGS = ["nua-python", "nua-builder", "nua-nodejs20", "nua-builder-nodejs20"].map(
  (name) => `${name}:${VERSION}`,
);

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  file = join(folder, `nua-bases:${VERSION}.tar`);
  // Anew: another test may have left some of them in their reproducible form.
  await run("bases", "build", "--force", "nua-builder-nodejs20");
  await run("bases", "save", "-q", "nua-builder-nodejs20", "-o", `${folder}/`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await nuaBuild(argv, { client });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trim();
}

const layersOf = async (tag: string): Promise<string[]> =>
  JSON.parse(await docker(client, "inspect", "--format", "{{json .RootFS.Layers}}", tag));

test("an archive of base images has each layer once", async () => {
  const [, builder = [], , language = []] = await Promise.all(TAGS.map(layersOf));
  const members = (await $({ quiet: true })`tar --list --file ${file}`).stdout.trim().split("\n");
  const layers = members.filter((name) => name.endsWith(".tar"));
  const digests = [...new Set([...builder, ...language])];
  expect(layers).toEqual(digests.map((digest) => `${digest.replace("sha256:", "")}.tar`));
  // The agent, its runtime and pip are the same layers in each image that has them.
  expect(language.slice(-2)).toEqual(builder.slice(-2));
  expect(await run("verify", "-q", file)).toBe(`${file}: whole`);
  expect((await $({ quiet: true, cwd: folder })`sha256sum --check ${file}.sha256`).exitCode).toBe(
    0,
  );
});

test("and is loaded by nua-build, or by docker", async () => {
  expect(JSON.parse(await run("bases", "load", "--json", file))).toMatchObject({
    ok: true,
    bases: TAGS.map((tag) => ({ tag, state: "current" })),
  });
  expect(await docker(client, "load", "--input", file)).toContain(TAGS[1]!);
  const again = join(folder, "again.tar");
  await run("bases", "save", "-q", "nua-builder-nodejs20", "-o", again);
  expect((await stat(again)).size).toBe((await stat(file)).size);
  expect(Buffer.compare(await readFile(again), await readFile(file))).toBe(0);
});

describe("before apt, in the command of a base image", () => {
  /** As it stands in a RUN instruction: in one line. */
  async function prepare(networkSettings: Record<string, string>): Promise<string> {
    const text = await readFile(join(import.meta.dir, "../../dockerfiles/apt-settings.sh"), "utf8");
    const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
    const show =
      'sed "s#$work#WORK#" "$APT_CONFIG"; cat "$work"/sources/* 2>/dev/null || true; echo "proxy $http_proxy"';
    const value = `nua:${btoa(JSON.stringify(networkSettings))}`;
    return docker(
      client,
      ...["run", "--rm", "--env", `FTP_PROXY=${value}`, TAGS[0]!],
      ...["sh", "-c", `set -e; http_proxy=; ${lines.join(" ")} ${show}`],
    );
  }

  test("nothing is set", async () => {
    expect(await prepare({})).toBe("proxy");
  });

  test("a mirror stands in for the distribution's archive, but not for others", async () => {
    const told = await prepare({
      aptMirror: "http://mirror.example:8/a&b/debian",
      httpProxy: "http://p:1",
    });
    expect(told).toContain('Dir::Etc::sourceparts "WORK/sources";');
    expect(told).toMatch(/http:\/\/mirror\.example:8\/a&b\/debian/);
    expect(told).not.toMatch(/https?:\/\/(?!mirror\.example)\S*\/(debian|ubuntu)\/?(\s|$)/m);
    expect(told).toEndWith("proxy http://p:1");
  });

  test("whole lines replace all, and certificates are trusted", async () => {
    const aptMirror = "deb [trusted=yes] http://a/ ./\ndeb http://b/ x y";
    const told = await prepare({ aptMirror, ca: "-----BEGIN\nabc\n" });
    expect(told).toContain(`${aptMirror}\nproxy`);
    expect(told).toContain('Acquire::https::CAInfo "WORK/ca.pem";');
  });
});

test("one that is damaged, or of other images, is refused before the engine sees it", async () => {
  const damaged = join(folder, "damaged.tar");
  await $({ quiet: true })`cp ${file} ${damaged}`;
  await flipBit(damaged);
  const refused = await nuaBuild(["bases", "load", damaged], { client });
  expect(refused.status).toBe(7);
  expect(refused.stderr).toContain("damaged.tar");

  const other = join(folder, "other.tar");
  const tag = "nua-test-bases-other:1";
  await docker(client, "tag", TAGS[0]!, tag);
  await run("save", "-q", tag, "-o", other);
  await docker(client, "image", "rm", tag);
  const foreign = await nuaBuild(["bases", "load", other], { client });
  expect(foreign.status).toBe(4);
  expect(foreign.stderr).toContain(`"${tag}" is none of nua-build`);
  expect(await docker(client, "images", "--quiet", tag)).toBe("");
});
