import { expect, test } from "bun:test";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mountsFaithfully } from "../../../src/engine/builder-kind.ts";
import { DOCKER } from "../../../src/engine/docker.ts";
import { probeBuilder, probeEngine } from "../../../src/engine/probe.ts";
import { NuaError } from "../../../src/lib/errors.ts";
import { NOWHERE } from "../../helpers/nowhere.ts";

test.each([
  { client: "20.10.24+dfsg1", buildx: false, kind: "embedded" },
  { client: "22.06.0-beta", buildx: false, kind: "embedded" },
  { client: "23.0.1", buildx: false, kind: "legacy" },
  { client: "28.2.2", buildx: false, kind: "legacy" },
  { client: "28.2.2", buildx: true, kind: "buildx" },
  { client: "20.10.24", buildx: true, kind: "buildx" },
] as const)(
  "client $client with buildx $buildx builds by $kind",
  async ({ client, buildx, kind }) => {
    const answer = (exitCode: number, stdout: string) => ({ exitCode, stdout, stderr: "" });
    const answers = Promise.resolve({
      buildx: answer(buildx ? 0 : 1, "github.com/docker/buildx v0.13.1 788433953af10f2a"),
      context: answer(0, "far\n"),
    });
    expect(await DOCKER.describeBuilder(client, answers)).toEqual({
      builder: kind,
      buildx: buildx ? { builder: "far", provenance: true } : null,
    });
  },
);

test("podman on its own machine is client and engine in one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nua-probe-"));
  try {
    const client = join(folder, "client");
    const said = { Client: { Version: "4.3.1", OsArch: "linux/amd64" } };
    await writeFile(client, `#!/bin/sh\necho '${JSON.stringify(said)}'\n`);
    await chmod(client, 0o755);
    const probed = await probeEngine(client);
    expect(await probeBuilder(client, probed)).toEqual({ builder: "buildah", buildx: null });
    expect(probed.facts).toMatchObject({
      product: "podman",
      joinsNetworks: false,
      serverVersion: "4.3.1",
      architecture: "amd64",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

const REFUSALS = [
  {
    name: "no engine",
    script: `echo '{"Client":{"Version":"28.0.0"},"Server":null}'; echo "Cannot connect" >&2; exit 1`,
    message: "Cannot connect",
    hint: "start it",
  },
  {
    name: "no permission on the socket",
    script: `echo "permission denied while trying to connect" >&2; exit 1`,
    message: "permission denied",
    hint: "usermod",
  },
];

test.each(REFUSALS)("$name is an engine error with its remedy", async (row) => {
  const folder = await mkdtemp(join(tmpdir(), "nua-probe-"));
  try {
    const client = join(folder, "client");
    await writeFile(client, `#!/bin/sh\n${row.script}\n`);
    await chmod(client, 0o755);
    const error = await probeEngine(client).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NuaError);
    expect(error).toMatchObject({ code: "engine" });
    expect((error as NuaError).message).toContain(row.message);
    expect((error as NuaError).hint).toContain(row.hint);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a client that is not there is an engine error", async () => {
  const error = await probeEngine(join(NOWHERE, "docker")).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "engine" });
  expect((error as NuaError).hint).toContain("NUA_ENGINE");
});

test.each([
  ["buildx", true],
  ["embedded", true],
  ["legacy", false],
  ["buildah", false],
] as const)("what %s mounts counts for its cache: %s", (builder, expected) => {
  expect(mountsFaithfully(builder)).toBe(expected);
});
