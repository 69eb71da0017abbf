import { describe, expect, test } from "bun:test";
import { imageConfigSchema, parseDocument } from "../../../../src/images/archive/image-json.ts";
import { chooseEpoch } from "../../../../src/images/reproducible/epoch.ts";
import { isoTime, normalizeConfig } from "../../../../src/images/reproducible/normalize-config.ts";
import { DEFAULT_EPOCH } from "../../../../src/images/reproducible/normalize-image.ts";

function normalize(config: object): Record<string, unknown> {
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  const parsed = parseDocument(imageConfigSchema, bytes, { attempt: "Read config" });
  const layers = [{ diffId: `sha256:${"a".repeat(64)}`, epoch: 10, index: 0 }];
  return JSON.parse(new TextDecoder().decode(normalizeConfig(parsed, layers, 20)));
}

const rootfs = { type: "layers", diff_ids: [`sha256:${"b".repeat(64)}`] };

describe("a config", () => {
  test("of an old builder and one of BuildKit become the same", () => {
    const run = { Cmd: ["true"], Env: ["A=1"], ExposedPorts: { "80/tcp": {} }, Labels: { x: "" } };
    const old = normalize({
      os: "linux",
      architecture: "amd64",
      container: "1234",
      container_config: { Hostname: "x" },
      docker_version: "20.10",
      created: "2026-01-01T00:00:00.5Z",
      config: { Hostname: "", Tty: false, Image: "sha256:1", OnBuild: null, Volumes: null, ...run },
      history: [
        { created: "2026-01-01T00:00:00Z", created_by: "RUN x" },
        { created_by: "HEALTHCHECK &{}", empty_layer: true },
      ],
      rootfs,
    });
    const recent = normalize({
      architecture: "amd64",
      config: { ...run, ArgsEscaped: true, User: "" },
      created: "2026-02-02T00:00:00Z",
      history: [
        {
          created_by: "HEALTHCHECK &{} more",
          comment: "buildkit.dockerfile.v0",
          empty_layer: true,
        },
        { created_by: "RUN x", comment: "buildkit.dockerfile.v0" },
      ],
      os: "linux",
      rootfs,
    });
    expect(recent).toEqual(old);
    expect(Object.keys(recent)).toEqual(Object.keys(old));
    expect(recent).toEqual({
      architecture: "amd64",
      config: run,
      created: "1970-01-01T00:00:20Z",
      history: [{ created: "1970-01-01T00:00:10Z", created_by: "RUN x" }],
      os: "linux",
      rootfs: { type: "layers", diff_ids: [`sha256:${"a".repeat(64)}`] },
    });
  });
});

describe("the time of a reproducible image", () => {
  test("is the one that is named, else one that every tool can tell", () => {
    expect(chooseEpoch("", false)).toBeNull();
    expect(chooseEpoch("", true)).toBe(DEFAULT_EPOCH);
    expect(chooseEpoch("1700000000", false)).toBe(1_700_000_000);
    expect(chooseEpoch("0", true)).toBe(0);
    expect(isoTime(DEFAULT_EPOCH)).toBe("1980-01-02T00:00:00Z");
  });

  test.each(["-1", "now", "1.5", "1e9", "999999999999999", " 1"])("is not %p", (text) => {
    expect(() => chooseEpoch(text, true)).toThrow("SOURCE_DATE_EPOCH");
  });
});
