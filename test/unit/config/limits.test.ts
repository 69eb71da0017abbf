import { describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boundedCopy, configLimits, DEFAULT_LIMITS } from "../../../src/config/limits.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { METADATA } from "../../helpers/config.ts";

describe("a value is written out as far as the limits go", () => {
  const limits = { ...DEFAULT_LIMITS, values: 10, depth: 3 };
  test.each([
    [Array(10).fill(1), "more than 10 keys and values"],
    [{ a: { b: { c: { d: 1 } } } }, "more than 3 deep"],
    [{ ["k".repeat(300)]: 1 }, "more than 256 characters"],
    [{ a: "b\0" }, "NUL"],
  ])("%p", (value, message) => {
    expect(() => boundedCopy(value, limits)).toThrow(message);
  });
  test("what is within them is the same", () => {
    expect(boundedCopy({ a: [1, { b: "x" }] }, limits) as unknown).toEqual({ a: [1, { b: "x" }] });
  });
});

test.each(["", "0", "-1", "x", "1e9", "99999999999"])("the setting %p is refused", (text) => {
  const settings = { configLimit: text, configValues: "1", configDepth: "1" };
  expect(() => configLimits(settings)).toThrow("NUA_CONFIG_LIMIT");
});

describe("a file is read without waiting", () => {
  const inFolder = async (prepare: (file: string) => void) => {
    const folder = mkdtempSync(join(tmpdir(), "nua-limits-"));
    try {
      prepare(join(folder, "nua-config.toml"));
      return await loadConfig(folder, { strict: false });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  test("a pipe", () => {
    const call = inFolder((file) => void execFileSync("mkfifo", [file]));
    expect(call).rejects.toThrow("it is no regular file");
  });
  test("a link that leaves the folder", () => {
    const call = inFolder((file) => symlinkSync("/etc/passwd", file));
    expect(call).rejects.toThrow("it is a link to a file outside of the app's folder");
  });
  test("a large one", () => {
    const call = inFolder((file) => writeFileSync(file, "#".repeat(300_000)));
    expect(call).rejects.toThrow("it has more than 256000 bytes");
  });
  test("one in UTF-16", () => {
    const call = inFolder((file) =>
      writeFileSync(file, Buffer.from(`\ufeff${METADATA}`, "utf16le")),
    );
    expect(call).rejects.toThrow("save it as UTF-8");
  });
  test("one with the mark of UTF-8", async () => {
    const { config } = await inFolder((file) => writeFileSync(file, `\ufeff${METADATA}`));
    expect(config.metadata.id).toBe("app");
  });
});
