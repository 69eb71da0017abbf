import { describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import {
  hasAptTraces,
  installedPackages,
  installKept,
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

/** The words of a package list, as a repository of Debian's has it. */
const PACKAGES = ["real", "other"]
  .map((name) =>
    [
      `Package: ${name}`,
      "Version: 1",
      "Architecture: all",
      "Maintainer: a <a@example.org>",
      "Depends: referred",
      `Filename: ./${name}.deb`,
      "Size: 1",
      `SHA256: ${"0".repeat(64)}`,
      "Provides: virtual",
      "Description: a",
    ].join("\n"),
  )
  .join("\n\n");

test("of several names the first that the distribution has is installed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nua-apt-"));
  for (const name of ["repository", "lists/partial", "cache/archives/partial", "none"]) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, "repository/Packages"), `${PACKAGES}\n`);
  await writeFile(join(folder, "sources.list"), `deb [trusted=yes] file:${folder}/repository ./\n`);
  await writeFile(join(folder, "status"), "");
  const config = [
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    `Dir::Etc::sourceparts "${folder}/none";`,
    `Dir::State::lists "${folder}/lists";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    'APT::Sandbox::User "";',
  ];
  await writeFile(join(folder, "apt.conf"), config.join("\n"));
  const run = $({ quiet: true, env: { ...process.env, APT_CONFIG: join(folder, "apt.conf") } });
  await run`apt-get update`;
  const asked = installKept(["referred|real", "virtual|other", "referred|none"]).at(-1);
  if (asked?.kind !== "derive" || asked.query.kind !== "run") throw new Error("nothing is asked");
  const chosen = await run`${asked.query.argv}`;
  await rm(folder, { recursive: true });
  expect(chosen.stdout).toBe("real\nother\nnone\n");
});
