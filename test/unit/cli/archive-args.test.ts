import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveOptions } from "../../../src/cli/archive-args.ts";
import { archiveName, resolveTarget } from "../../../src/images/transfer/target.ts";

describe("flags of an archive", () => {
  test("by default it is one file, whole and not compressed", () => {
    const form = { compression: null, partBytes: null };
    expect(archiveOptions({})).toEqual({ form, thin: false, safeName: false });
  });

  test.each([
    ["gzip", { format: "gzip", level: undefined }],
    ["gzip:9", { format: "gzip", level: 9 }],
    ["zstd:19", { format: "zstd", level: 19 }],
  ])("--compress %s", (compress, compression) => {
    expect(archiveOptions({ compress }).form.compression).toEqual(compression as never);
  });

  test.each(["", "xz", "gzip:0", "gzip:10", "zstd:20", "zstd:", "zstd:fast"])(
    "--compress %p means nothing",
    (compress) => {
      expect(() => archiveOptions({ compress })).toThrow("expected gzip or zstd");
    },
  );

  test.each([
    ["700M", 700_000_000],
    ["4.5G", 4_500_000_000],
    ["4g", 4_000_000_000],
    ["1kB", 1000],
    ["5000", 5000],
  ])("--split %s", (split, bytes) => {
    expect(archiveOptions({ split }).form.partBytes).toBe(bytes);
  });

  test.each(["", "0", "999", "-4G", "4T", "x", "1e9", "NaN"])(
    "--split %p means nothing",
    (split) => {
      expect(() => archiveOptions({ split })).toThrow("at least 1K");
    },
  );

  test("standard output cannot be split", () => {
    expect(() => archiveOptions({ split: "1G", output: "-" })).toThrow("cannot be split");
  });
});

describe("where an archive goes", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nua-target-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const name = (tag: string, flags = {}) => archiveName(tag, archiveOptions(flags));

  test("its name is the tag", () => {
    expect(name("nua-app:1.0-1")).toBe("nua-app:1.0-1.tar");
    expect(name("host:5000/team/app:1")).toBe("host:5000_team_app:1.tar");
    expect(name("nua-app:1.0-1", { "safe-name": true })).toBe("nua-app_1.0-1.tar");
    expect(name("a:1", { compress: "zstd" })).toBe("a:1.tar.zst");
    expect(name("a:1", { compress: "gzip:1" })).toBe("a:1.tar.gz");
  });

  test("a folder gets it under its name, anything else is the file", async () => {
    expect(await resolveTarget(folder, "a.tar", false)).toBe(join(folder, "a.tar"));
    expect(await resolveTarget(`${folder}/new/`, "a.tar", false)).toBe(`${folder}/new/a.tar`);
    expect(await resolveTarget(`${folder}/b.tar`, "a.tar", false)).toBe(`${folder}/b.tar`);
    expect(await resolveTarget(`${folder}/b.tar`, "a.tar", true)).toBe(`${folder}/a.tar`);
    expect(await resolveTarget("-", "a.tar", false)).toBe("-");
  });
});
