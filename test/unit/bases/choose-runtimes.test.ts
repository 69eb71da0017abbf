import { describe, expect, test } from "bun:test";
import {
  chooseRuntimes,
  listedRuntimes,
  type RuntimeInput,
} from "../../../src/bases/choose-runtimes.ts";
import { knownLinux } from "../../../src/bases/linux-bases.ts";
import { UnavailableVersion } from "../../../src/bases/unavailable-version.ts";
import type { RequestedRuntime } from "../../../src/languages/runtime.ts";

const NODE = [
  ...["14.21.3", "18.0.0", "18.20.8", "20.0.0", "20.10.0", "20.11.0", "20.11.1", "20.19.5"],
  ...["22.0.0", "22.21.0", "24.0.0", "24.11.1", "25.2.0", "26.0.0", "26.1.0"],
];

const LINUX = {
  configured: "ubuntu:22.04",
  others: ["debian:12", "debian:13", "ubuntu:24.04"],
  refused: {},
};

function node(range?: string, others: Partial<RequestedRuntime> = {}): RequestedRuntime {
  const wish = range === undefined ? {} : { range };
  return { language: "nodejs", from: { what: "package.json:3" }, use: "run", ...wish, ...others };
}

function python(range?: string): RequestedRuntime {
  const wish = range === undefined ? {} : { range };
  return { language: "python", from: { what: ".python-version:1" }, use: "run", ...wish };
}

function java(range: string, what: string): RequestedRuntime {
  return { language: "java", range, from: { what }, use: "run" };
}

function choose(requests: RequestedRuntime[], others: Partial<RuntimeInput> = {}) {
  const builderFrom = { what: "build.builder" };
  const lists = { nodejs: NODE };
  return chooseRuntimes({
    requests,
    builder: undefined,
    builderFrom,
    lists,
    linux: LINUX,
    ...others,
  });
}

describe("the newest version that fits, by the series whose members all fit", () => {
  test.each([
    { range: undefined, version: "24" },
    { range: "20", version: "20" },
    { range: "v20", version: "20" },
    { range: "20.x", version: "20" },
    { range: ">=20 <21", version: "20" },
    { range: "^20.0.0", version: "20" },
    { range: ">=18", version: "26" },
    { range: ">=18 <25", version: "24" },
    { range: "^18 || ^20 || ^22", version: "22" },
    { range: "20.11", version: "20.11" },
    { range: "~20.11.0", version: "20.11" },
    { range: "^20.11.0", version: "20.19" },
    { range: "20.11.0", version: "20.11.0" },
    { range: "v20.11.1", version: "20.11.1" },
    { range: "<=20.11.1 >=20", version: "20.11.1" },
    { range: "lts/jod", version: "22" },
    { range: "lts/*", version: "24" },
    { range: "node", version: "26" },
    { range: "*", version: "26" },
  ])("$range is $version", ({ range, version }) => {
    const { run, versions } = choose([node(range)]);
    expect(run).toEqual([{ language: "nodejs", version }]);
    expect(versions.nodejs).toBe(version);
  });

  test.each([
    { range: "99", near: "26.1.0" },
    { range: "20.12.3", near: "20.11.1, 20.19.5, 26.1.0" },
    { range: ">=15 <16", near: "14.21.3, 18.0.0, 26.1.0" },
    { range: "12", near: "14.21.3, 26.1.0" },
    { range: "twenty", near: "write a version" },
    { range: `>=${"1".repeat(300)}`, near: "write a version" },
  ])("$range cannot be had: $near", ({ range, near }) => {
    expect(() => choose([node(range)])).toThrow(UnavailableVersion);
    try {
      choose([node(range)]);
    } catch (error) {
      const { message, hint } = error as UnavailableVersion;
      expect(message).toStartWith("package.json:3");
      expect(hint).toContain(near);
    }
  });

  test("two that ask get one that suits both, or the first gets its own", () => {
    const both = choose([node(">=20"), node("^22", { use: "build" })]);
    expect(both.run).toEqual([{ language: "nodejs", version: "22" }]);
    const first = choose([node("20"), node("22", { use: "build" })]);
    expect(first.run).toEqual([{ language: "nodejs", version: "20" }]);
    expect(first.warnings.join()).toContain('"22"');
  });
});

describe("without a list", () => {
  test.each([
    { range: "20", version: "20", isListed: false },
    { range: undefined, version: "24", isListed: false },
    { range: "20.11.1", version: "20.11.1", isListed: true },
    { range: ">=18", version: "24", isListed: true },
    { range: "^20.11.0", version: "20", isListed: true },
    { range: "21", version: "21", isListed: true },
  ])("$range is $version", ({ range, version, isListed }) => {
    const requests = [node(range)];
    expect(choose(requests, { lists: {} }).run).toEqual([{ language: "nodejs", version }]);
    const asked = { requests, builder: undefined, builderFrom: { what: "" }, linux: LINUX };
    expect(listedRuntimes(asked).map(({ language }) => language)).toEqual(
      isListed ? ["nodejs"] : [],
    );
  });

  test("what the engine has may do", () => {
    const held = {
      nodejs: [
        { version: "18", exact: "18.20.8" },
        { version: "20", exact: "20.19.5" },
      ],
    };
    const { run } = choose([node("^20.11.0")], { lists: {}, held });
    expect(run).toEqual([{ language: "nodejs", version: "20" }]);
  });
});

describe("build.builder", () => {
  test.each([
    { builder: "node-20", run: [{ language: "nodejs", version: "20" }] },
    { builder: "node-20.11.1", run: [{ language: "nodejs", version: "20.11.1" }] },
    { builder: "node", run: [{ language: "nodejs", version: "18" }] },
    { builder: "python", run: [{ language: "python" }] },
    { builder: "ruby-32", run: [{ language: "ruby", version: "322" }] },
    {
      builder: ["python", "node-22"],
      run: [{ language: "python" }, { language: "nodejs", version: "22" }],
    },
  ])("$builder wins over files", ({ builder, run }) => {
    const chosen = choose([node("18")], { builder });
    expect(chosen.run).toEqual(run);
    expect(chosen.build).toEqual([]);
  });

  test.each([
    { builder: "go-1.27", version: "1.27", told: [] },
    { builder: "go", version: "1.26", told: [] },
    {
      builder: "go-1.25",
      version: "1.25",
      told: ['go.mod:3 asks for go "1.26"; build.builder has go 1.25'],
    },
  ])("$builder, which no app runs with, is there for its build", ({ builder, version, told }) => {
    const from = { what: "go.mod", line: 3 };
    const range = { range: "1.26", accepts: ">=1.26.0" };
    const requests = [{ ...{ language: "go", ...range, from }, use: "build" as const }];
    const lists = { go: ["1.25.4", "1.26.11", "1.27.4"] };
    const { run, build, warnings } = choose(requests, { builder, lists });
    expect(run).toEqual([{ language: "python" }]);
    expect(build).toEqual([{ language: "go", version }]);
    expect(warnings).toEqual(told);
  });

  test("what only the build needs is no part of the image", () => {
    const { run, build } = choose([python(), node("22", { use: "build" })]);
    expect({ run, build }).toEqual({
      run: [{ language: "python" }],
      build: [{ language: "nodejs", version: "22" }],
    });
  });

  test("a file that asks for another version is told", () => {
    for (const builder of ["node-20.11", "node-20"]) {
      const { warnings } = choose([node("18")], { builder });
      expect(warnings.join()).toContain('package.json:3 asks for nodejs "18"');
    }
    expect(choose([node(">=18")], { builder: "node-20" }).warnings).toEqual([]);
  });
});

describe("the Linux base", () => {
  test.each([
    { range: undefined, linuxBase: null, version: "3.10.12" },
    { range: ">=3.8", linuxBase: null, version: "3.10.12" },
    { range: "3.10", linuxBase: null, version: "3.10.12" },
    { range: ">=3.11", linuxBase: "debian:12", version: "3.11.2" },
    { range: "3.13", linuxBase: "debian:13", version: "3.13.5" },
    { range: "==3.12.*", linuxBase: "ubuntu:24.04", version: "3.12.3" },
  ])("Python $range: $linuxBase", ({ range, linuxBase, version }) => {
    const chosen = choose([python(range)]);
    expect(chosen).toMatchObject({
      run: [{ language: "python" }],
      linuxBase,
      versions: { python: version },
    });
    const told = chosen.decisions.filter(({ what }) => what === `Linux base ${linuxBase}`);
    expect(told.map(({ because }) => because)).toEqual(
      linuxBase === null
        ? []
        : [`.python-version:1 asks for python "${range}", and ubuntu:22.04 has 3.10.12`],
    );
  });

  const rust = (range: string): RequestedRuntime => {
    const from = { what: "rust-toolchain", line: 1 };
    return { language: "rust", range, from, use: "build" };
  };

  test.each([
    { range: ">=1.56.0", linuxBase: "debian:12", version: "1.96" },
    { range: "1.85.1", linuxBase: "debian:13", version: "1.85.1" },
    { range: "1.80.1", linuxBase: null, version: "1.80.1" },
  ])("a compiler chooses it as well: Rust $range, $linuxBase", ({ range, linuxBase, version }) => {
    const chosen = choose([rust(range)]);
    expect(chosen).toMatchObject({ build: [{ language: "rust", version }], linuxBase });
  });

  test("but what is in every image comes first", () => {
    expect(choose([rust("1.85.1"), python("3.11")])).toMatchObject({ linuxBase: "debian:12" });
  });

  test("where nobody can be asked, a newer compiler of its own will do, and is told", () => {
    const linux = { ...LINUX, configured: "debian:12" };
    expect(choose([rust("1.80.1")], { linux, held: { rust: [] } })).toMatchObject({
      build: [{ language: "rust", version: "1.96" }],
      warnings: [
        'rust-toolchain:1 asks for rust "1.80.1", and nobody can be asked for it: the 1.96.0 of the Linux base is taken',
      ],
    });
    const builder = { builder: "rust-1.80.1", builderFrom: { what: "build.builder" } };
    expect(choose([], { linux, held: { rust: [] }, ...builder })).toMatchObject({
      build: [{ language: "rust", version: "1.80.1" }],
    });
  });

  test("what stands in for the configured one counts", () => {
    const linux = { ...LINUX, configuredIs: "debian:12" };
    expect(choose([python("3.11")], { linux })).toMatchObject({ linuxBase: null });
  });

  test("one that cannot be had is passed over", () => {
    const refused = { "debian:12": "no registry" };
    const { linuxBase, decisions } = choose([python(">=3.11")], { linux: { ...LINUX, refused } });
    expect(linuxBase).toBe("debian:13");
    expect(decisions[0]?.because).toContain("debian:12 cannot be had: no registry");
  });

  test.each([
    { range: "3.14", version: "3.14" },
    { range: "==3.12.4", version: "3.12.4" },
    { range: "3.10.13", version: "3.10.13" },
  ])("where none has Python $range, $version is installed", ({ range, version }) => {
    const chosen = choose([python(range)]);
    expect(chosen).toMatchObject({ run: [{ language: "python", version }], linuxBase: null });
    expect(chosen.versions.python).toBe(version);
  });

  test("a Python that nobody has cannot be had", () => {
    expect(() => choose([python("3.99")])).toThrow(UnavailableVersion);
  });

  test("one that the configuration names is taken", () => {
    const fixed = { name: "debian:13", from: { what: "build.linux-base" } };
    const chosen = choose([python()], { linux: { ...LINUX, fixed } });
    expect(chosen).toMatchObject({ linuxBase: "debian:13", versions: { python: "3.13.5" } });
  });
});

test.each([
  ["ubuntu:22.04", "ubuntu:22.04"],
  ["ubuntu:jammy-20230816", "ubuntu:22.04"],
  ["debian:bookworm-slim", "debian:12"],
  ["debian:12.5", "debian:12"],
  ["registry.example:5000/library/debian:13-slim", "debian:13"],
  ["nua-linux:debian-trixie", "debian:13"],
  ["debian:11", undefined],
  ["my-ubuntu:latest", undefined],
  ["redis:12", undefined],
])("%s is %s", (reference, name) => {
  expect(knownLinux(reference)?.name).toBe(name);
});

test("another Linux base is taken for the wish that the configured one does not meet", () => {
  const requests = [java(">=17", "pom.xml:3"), java("25", ".java-version:1")];
  expect(choose(requests).decisions[0]).toMatchObject({
    what: "Linux base debian:13",
    because: '.java-version:1 asks for java "25", and ubuntu:22.04 has 8, 11, 17, 21, 18',
  });
});
