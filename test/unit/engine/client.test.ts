/** What a client is told, by a program that stands in for it. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine } from "../../../src/engine/client.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nua-client-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DOCKER = '{"Client":{"Version":"28.2.2"},"Server":{"Version":"26.1.5","Arch":"amd64"}}';
const PODMAN = '{"Client":{"Version":"4.3.1","OsArch":"linux/arm64"}}';

const BUSYBOX = {
  ...{ Id: "sha256:b", RepoTags: ["localhost/busybox:1"], Size: 7, Os: "linux" },
  ...{ RootFS: { Layers: ["sha256:l"] }, Config: { User: "nua" } },
};

/** @param answers what it does, as cases of a shell's `case "$*"`, in this order */
async function connect(version: string, answers: Readonly<Record<string, string>> = {}) {
  const client = join(folder, "client");
  const log = join(folder, "log");
  const cases = Object.entries({ "version *": `echo '${version}'`, ...answers });
  const lines = cases.map(([pattern, script]) => `  ${quote(pattern)}) ${script} ;;\n`);
  const script = `#!/bin/sh\necho "$*" >> ${log}\ncase "$*" in\n${lines.join("")}esac\n`;
  writeFileSync(client, script);
  chmodSync(client, 0o755);
  const engine = await connectEngine(client);
  writeFileSync(log, "");
  return { engine, said: () => readFileSync(log, "utf8").split("\n").filter(Boolean) };
}

/** A pattern whose stars are the shell's. */
function quote(pattern: string): string {
  return pattern
    .split("*")
    .map((text) => (text === "" ? "" : `"${text}"`))
    .join("*");
}

test("what is told of an engine", async () => {
  const { engine } = await connect(DOCKER);
  const { client: _, ...facts } = engine.facts;
  expect(facts).toEqual({
    ...{ clientVersion: "28.2.2", serverVersion: "26.1.5", architecture: "amd64" },
    ...{ product: "Docker", joinsNetworks: true },
  });
});

test("podman is asked in its own words where it has others", async () => {
  const store = { graphDriverName: "vfs", graphRoot: "/var/lib/containers" };
  const { engine, said } = await connect(PODMAN, {
    "info *": `echo '${JSON.stringify({ store })}'`,
    "image ls *": "echo localhost/nua-app:1; echo docker.io/library/debian:12",
  });
  expect(engine.facts).toMatchObject({ product: "podman", architecture: "arm64" });
  expect(await engine.builder()).toEqual({ builder: "buildah", buildx: null });
  expect(await engine.buildx()).toBeUndefined();
  expect(await engine.state()).toMatchObject({ driver: "vfs", root: "/var/lib/containers" });
  expect(await engine.listTags()).toEqual(["nua-app:1", "docker.io/library/debian:12"]);
  for await (const _ of engine.save("a:1", "b:1"));
  expect(said()).toContain("save --multi-image-archive -- a:1 b:1");
});

test("Docker saves several images as it saves one", async () => {
  const { engine, said } = await connect(DOCKER);
  for await (const _ of engine.save("a:1", "b:1"));
  expect(said()).toEqual(["save -- a:1 b:1"]);
});

describe("images", () => {
  test("are asked for together, and one that is missing hides none", async () => {
    const { engine, said } = await connect(DOCKER, {
      "image inspect -- busybox:1 gone:1": `echo '[${JSON.stringify(BUSYBOX)}]'; echo "Error: No such image: gone:1" >&2; exit 1`,
      "image inspect -- gone:1": 'echo "Error: No such image: gone:1" >&2; exit 1',
    });
    const [found, missing] = await Promise.all([
      engine.findImage("busybox:1"),
      engine.findImage("gone:1"),
    ]);
    expect(found).toMatchObject({ id: "sha256:b", tags: ["busybox:1"], user: "nua" });
    expect(missing).toBeUndefined();
    expect(said()).toHaveLength(2);
    await expect(engine.getImage("gone:1")).rejects.toMatchObject({ code: "engine" });
  });

  test("go by other names where that is wanted", async () => {
    const { engine, said } = await connect(DOCKER, {
      "image inspect *": `echo '[${JSON.stringify(BUSYBOX)}]'`,
    });
    const named = engine.withNames(new Map([["base:1", "nua-bundle:b"]]));
    await named.findImage("base:1");
    await engine.findImage("base:1");
    expect(said()).toEqual(["image inspect -- nua-bundle:b", "image inspect -- base:1"]);
  });

  test("that cannot be removed are told, unless they are gone", async () => {
    const { engine } = await connect(DOCKER, {
      "image rm -- used:1": 'echo "conflict: it is used" >&2; exit 1',
      "image rm -- gone:1": 'echo "Error: No such image: gone:1" >&2; exit 1',
    });
    await engine.removeTag("gone:1");
    await engine.removeImage("used:1");
    await expect(engine.removeTag("used:1")).rejects.toMatchObject({ code: "engine" });
  });
});

test("containers are those whose names begin so, with the time of their making", async () => {
  const { engine, said } = await connect(DOCKER, {
    "ps *": "echo c1 nua-run-a; echo c2 my-nua-run-b; echo c3 nua-run-c",
    "inspect * c1": `echo '"2026-01-02T03:04:05Z"'`,
    "inspect * c3": 'echo "No such container: c3" >&2; exit 1',
  });
  expect(await engine.listContainers("nua-run-")).toEqual([
    { id: "c1", name: "nua-run-a", created: Date.parse("2026-01-02T03:04:05Z") },
  ]);
  await engine.removeContainer("c1");
  expect(said().at(-1)).toBe("rm --force --volumes c1");
});

test("a container is removed when it is done with", async () => {
  const { engine, said } = await connect(DOCKER, { "create *": "echo c1" });
  {
    await using container = await engine.createContainer({
      ...{ image: "nua-python:1", argv: ["app_builder", "serve-inputs"], network: "none" },
    });
    await container.copyIn("/here", "/there");
    await container.start();
  }
  const [create = "", ...others] = said();
  expect(create).toMatch(
    /^create --name nua-run-\S+ --network none -- nua-python:1 app_builder serve-inputs$/,
  );
  expect(others).toEqual(["cp /here/. c1:/there", "start c1", "rm --force c1"]);
});

describe("buildx", () => {
  const buildx = { "buildx version": "echo v0.13.1", "context show": "echo far" };

  test("is there where the client has it", async () => {
    const { engine } = await connect(DOCKER, {
      ...buildx,
      "buildx inspect far": "echo 'Driver: docker'",
      "buildx inspect near": "echo 'Driver: docker'",
      "buildx inspect farm": "echo 'Driver: docker-container'",
      "buildx inspect none": 'echo "no builder" >&2; exit 1',
    });
    const plugin = await engine.buildx();
    expect(await plugin?.seesImages("far")).toBe(true);
    expect(await plugin?.seesImages("farm")).toBe(false);
    await expect(plugin?.seesImages("near")).rejects.toMatchObject({ code: "usage" });
    await expect(plugin?.seesImages("none")).rejects.toMatchObject({ code: "usage" });
  });

  test("an image is built by it, and takes the place of the one before", async () => {
    const id = join(folder, "id");
    const { engine, said } = await connect(DOCKER, {
      ...buildx,
      "image inspect -- app:1": `echo '[{"Id":"sha256:old","RepoTags":["app:1"],"Size":1,"RootFS":{}}]'`,
      "image inspect -- sha256:new": `echo '[{"Id":"sha256:new","Size":1,"RootFS":{}}]'`,
      "buildx build *": `printf sha256:new > ${id}`,
    });
    const image = await engine.build({
      ...{ context: "/c", dockerfile: "/c/Dockerfile", buildArgs: {}, hiddenArgs: [] },
      ...{ secrets: [], noCache: false },
      result: { kind: "image", tag: "app:1", labels: {}, idFile: id },
    });
    expect(image.id).toBe("sha256:new");
    expect(said()).toContain(
      `buildx build --builder far --progress=plain --load --provenance=false --file /c/Dockerfile --tag app:1 --iidfile ${id} /c`,
    );
    expect(said().at(-1)).toBe("image rm -- sha256:old");
  });
});
