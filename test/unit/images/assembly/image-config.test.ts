import { expect, test } from "bun:test";
import {
  formatCreated,
  formatImageConfig,
  type ImageParts,
} from "../../../../src/images/assembly/image-config.ts";

const PARTS: ImageParts = {
  base: {
    config: {
      Env: ["PATH=/nua/venv/bin"],
      Cmd: ["bash"],
      User: "",
      OnBuild: ["RUN false"],
      Labels: { of: "base", APP_ID: "base" },
    },
    diffIds: ["sha256:1", "sha256:2"],
    platform: { os: "linux", architecture: "arm64", variant: "v8" },
  },
  baseTag: "nua-python:1",
  layers: [
    { name: "dependencies", diffId: "sha256:3" },
    { name: "app", diffId: "sha256:4" },
  ],
  labels: { APP_ID: "mine" },
  healthcheck: undefined,
  declared: { env: {}, port: null },
  command: null,
  created: "2026-01-02T03:04:05Z",
};

const format = (parts: Partial<ImageParts>) =>
  JSON.parse(new TextDecoder().decode(formatImageConfig({ ...PARTS, ...parts })));

test("what the base says, and the app beyond that", () => {
  expect(format({})).toEqual({
    architecture: "arm64",
    os: "linux",
    variant: "v8",
    created: PARTS.created,
    config: {
      Env: ["PATH=/nua/venv/bin"],
      Cmd: ["python", "/nua/scripts/start.py"],
      Labels: { of: "base", APP_ID: "mine" },
    },
    history: [
      ...["FROM nua-python:1", "FROM nua-python:1"],
      ...["nua-build: layer dependencies", "nua-build: layer app"],
    ].map((created_by) => ({ created: PARTS.created, created_by })),
    rootfs: { type: "layers", diff_ids: ["sha256:1", "sha256:2", "sha256:3", "sha256:4"] },
  });
});

test("a base without variant or labels", () => {
  const platform = { os: "linux", architecture: "amd64", variant: "" };
  const made = format({ base: { ...PARTS.base, platform, config: { Labels: null } } });
  expect(made).not.toHaveProperty("variant");
  expect(made.config.Labels).toEqual({ APP_ID: "mine" });
});

test("a health check, whose times become nanoseconds", () => {
  const healthcheck = { command: "test -e /x && true", interval: 1.5, timeout: 2, retries: 0 };
  expect(format({ healthcheck: healthcheck as never }).config.Healthcheck).toEqual({
    Test: ["CMD", "/bin/sh", "-c", "test -e /x && true"],
    Interval: 1_500_000_000,
    Timeout: 2_000_000_000,
  });
});

test("the same parts make the same bytes", () => {
  expect(formatImageConfig(PARTS)).toEqual(formatImageConfig(structuredClone(PARTS)));
});

test.each([
  ["2026-01-02T03:04:10.123Z", "2026-01-02T03:04:10.123Z"],
  ["2026-01-02T03:04:10.370Z", "2026-01-02T03:04:10.37Z"],
  ["2026-01-02T03:04:10.000Z", "2026-01-02T03:04:10Z"],
  ["2026-01-02T03:00:00.000Z", "2026-01-02T03:00:00Z"],
])("%s is told as engines tell it: %s", (time, told) => {
  expect(formatCreated(new Date(time))).toBe(told);
});

test("what the app's files say of its environment and its port", () => {
  const base = {
    ...PARTS.base,
    config: { Env: ["PATH=/bin", "PORT=1"], ExposedPorts: { "1/udp": {} } },
  };
  const declared = { env: { NODE_ENV: "production", PORT: "3000" }, port: 3000 };
  expect(format({ base, declared }).config).toMatchObject({
    Env: ["PATH=/bin", "PORT=3000", "NODE_ENV=production"],
    ExposedPorts: { "1/udp": {}, "3000/tcp": {} },
  });
});
