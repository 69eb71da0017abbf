import { describe, expect, test } from "bun:test";
import { type BuildRequest, buildImageCommand } from "../../../src/engine/build-args.ts";

type Facts = Parameters<typeof buildImageCommand>[0];

const FACTS: Facts = {
  client: "docker",
  builder: "buildx",
  buildx: { builder: "default", provenance: true },
};

const REQUEST: BuildRequest = {
  context: "/tmp/c",
  dockerfile: "/tmp/c/Dockerfile",
  result: {
    kind: "image",
    tag: "nua-hello:1.0",
    labels: { NUA_TAG: "nua-hello:1.0", APP_ID: "hello" },
    idFile: "/tmp/id",
  },
  buildArgs: { nua_builder_tag: "nua-builder:1" },
  hiddenArgs: ["FTP_PROXY"],
  secrets: [],
  noCache: false,
};

const COMMON = [
  ...["--file", "/tmp/c/Dockerfile", "--tag", "nua-hello:1.0", "--iidfile", "/tmp/id"],
  ...["--label", "APP_ID=hello", "--label", "NUA_TAG=nua-hello:1.0"],
  ...["--build-arg", "nua_builder_tag=nua-builder:1", "--build-arg", "FTP_PROXY"],
];

describe("the build command of each kind of client", () => {
  const buildx = [
    "docker",
    "buildx",
    "build",
    "--builder",
    "default",
    "--progress=plain",
    "--load",
  ];
  const rows: { name: string; facts: Partial<Facts>; argv: string[]; env: object }[] = [
    {
      name: "buildx",
      facts: {},
      argv: [...buildx, "--provenance=false", ...COMMON, "/tmp/c"],
      env: {},
    },
    {
      name: "an old buildx knows no provenance",
      facts: { buildx: { builder: "far", provenance: false } },
      argv: [...buildx.map((word) => (word === "default" ? "far" : word)), ...COMMON, "/tmp/c"],
      env: {},
    },
    {
      name: "BuildKit inside the client",
      facts: { builder: "embedded", buildx: null, client: "/usr/bin/docker" },
      argv: ["/usr/bin/docker", "build", "--progress=plain", ...COMMON, "/tmp/c"],
      env: { DOCKER_BUILDKIT: "1" },
    },
    {
      name: "the legacy builder",
      facts: { builder: "legacy", buildx: null },
      argv: ["docker", "build", "--rm", "--force-rm", ...COMMON, "/tmp/c"],
      env: { DOCKER_BUILDKIT: "0" },
    },
  ];
  test.each(rows)("$name", ({ facts, argv, env }) => {
    expect(buildImageCommand({ ...FACTS, ...facts }, REQUEST)).toEqual({
      argv,
      env: env as Record<string, string>,
    });
  });

  test("--no-cache stands before the context", () => {
    const { argv } = buildImageCommand(FACTS, { ...REQUEST, noCache: true });
    expect(argv.slice(-2)).toEqual(["--no-cache", "/tmp/c"]);
  });
});
