import { describe, expect, test } from "bun:test";
import {
  hasAptTraces,
  installedPackages,
  keepLinked,
  purgeCommands,
} from "../../../src/agent/apt.ts";
import { line } from "./facts.ts";
import { memoryTree } from "./memory-tree.ts";

test("installedPackages reads what is installed, not what was", () => {
  const status = [
    "Package: a\nStatus: install ok installed\nVersion: 1",
    "Package: b\nStatus: deinstall ok config-files",
    "Package: c\nStatus: hold ok installed",
  ].join("\n\n");
  const tree = memoryTree({ "/var/lib/dpkg/status": `${status}\n` });
  expect(installedPackages(tree)).toEqual(new Set(["a", "c"]));
});

test("hasAptTraces: lists, or a package more than before", () => {
  const status = { "/var/lib/dpkg/status": "Package: a\nStatus: install ok installed\n" };
  const lists = { "/var/lib/apt/lists/lock": "", "/var/lib/apt/lists/x_Release": "" };
  expect(hasAptTraces(memoryTree(status), new Set(["a"]))).toBeFalse();
  expect(hasAptTraces(memoryTree(status), new Set())).toBeTrue();
  expect(hasAptTraces(memoryTree({ ...status, ...lists }), new Set(["a"]))).toBeTrue();
});

test("keepLinked keeps the libraries that came for the build and are linked with", () => {
  const owners = [
    "libc6:amd64: /usr/lib/x86_64-linux-gnu/libc.so.6",
    "libpq5:amd64: /usr/lib/x86_64-linux-gnu/libpq.so.5.15",
    "libpq5:amd64: /usr/lib/x86_64-linux-gnu/libpq.so.5",
    "dpkg-query: no path found matching pattern /nua/venv/x.so",
  ].join("\n");
  expect(keepLinked(owners, new Set(["libc6"])).flatMap(line)).toEqual([
    "apt-mark manual -- libpq5",
  ]);
  expect(keepLinked(owners, new Set(["libc6", "libpq5"]))).toEqual([]);
});

describe("purgeCommands", () => {
  const simulation =
    "Reading...\nRemv gcc [4:12.2.0-3]\nRemv libisl23:amd64 [0.25]\nRemv vim [9]\n";

  test("removes what came for the build", () => {
    expect(purgeCommands(simulation, new Set(["vim", "libc6"])).flatMap(line)).toEqual([
      "apt-get --yes -o Dpkg::Use-Pty=0 purge -- gcc libisl23:amd64",
    ]);
  });

  test("does nothing when all of it was there before", () => {
    expect(purgeCommands(simulation, new Set(["vim", "gcc", "libisl23"]))).toEqual([]);
  });
});
