import { describe, expect, test } from "bun:test";
import { mirrorSources } from "../../../src/registries/apt.ts";
import { memoryTree } from "../agent/memory-tree.ts";

describe("mirrorSources", () => {
  const tree = memoryTree({
    "/etc/apt/sources.list": [
      "# comment",
      "deb http://deb.debian.org/debian bookworm main",
      "deb [signed-by=/k.gpg] http://deb.debian.org/debian/ bookworm-updates main contrib",
      "deb http://security.debian.org/debian-security bookworm-security main",
    ].join("\n"),
    "/etc/apt/sources.list.d/ubuntu.sources":
      "Types: deb\nURIs: http://archive.ubuntu.com/ubuntu\nSuites: jammy jammy-security\nComponents: main universe\n",
  });

  test("stands for the distribution's archive, and not for the security archive", () => {
    expect(mirrorSources("http://m/x", tree).split("\n")).toEqual([
      "deb http://m/x bookworm main",
      "deb [signed-by=/k.gpg] http://m/x bookworm-updates main contrib",
      "deb http://security.debian.org/debian-security bookworm-security main",
      "deb http://m/x jammy main universe",
      "deb http://m/x jammy-security main universe",
      "",
    ]);
  });

  test("whole lines replace all sources", () => {
    expect(mirrorSources("deb http://m x y\ndeb http://n x y", tree)).toBe(
      "deb http://m x y\ndeb http://n x y\n",
    );
  });
});
