import { describe, expect, test } from "bun:test";
import type { LanguageOptions } from "../../../../src/languages/language.ts";
import { detectLanguages } from "../../../../src/languages/languages.ts";
import { prebuilt } from "../../../../src/languages/prebuilt/prebuilt.ts";
import { elfBytes, MUSL_LOADER } from "../../../helpers/elf-bytes.ts";
import { type MemoryFiles, memoryTree } from "../../../helpers/memory-tree.ts";
import { toldOf } from "../../../helpers/told.ts";

const OPTIONS: LanguageOptions = {
  ...{ source: "/nua/build/shop", runtime: "image", version: "1", place: "here" },
  ...{ versions: {}, member: null, languages: [], id: "shop" },
};
const STATIC = elfBytes({ type: 2 });
const LINKED = elfBytes({ needed: ["libfoo.so.1", "libc.so.6"] });
const WINDOWS = Buffer.concat([Buffer.from("MZ"), Buffer.alloc(198)]);
WINDOWS.writeUInt32LE(128, 0x3c);
WINDOWS.write("PE\0\0", 128, "latin1");

describe("is the language of", () => {
  const rows: [string, MemoryFiles, string[]][] = [
    ["a program", { shop: STATIC }, ["prebuilt"]],
    [
      "a program in bin, with what people read",
      { "bin/shop": STATIC, "README.md": "" },
      ["prebuilt"],
    ],
    ["a program of a Debian package", { "usr/bin/shop": STATIC }, ["prebuilt"]],
    ["a program for another system", { "shop.exe": WINDOWS }, ["prebuilt"]],
    [
      "a program beside pages that it serves",
      { shop: STATIC, "public/index.html": "" },
      ["prebuilt"],
    ],
    [
      "a program beside its script",
      { shop: STATIC, "start.sh": "#!/bin/sh\n./shop" },
      ["prebuilt"],
    ],
    ["a jar", { "shop-1.0.jar": "PK" }, ["prebuilt"]],
    ["scripts with jars", { "bin/shop": "#!/bin/sh\n", "lib/a.jar": "PK" }, ["prebuilt"]],
    ["one script", { shop: "#!/usr/bin/perl\n" }, ["prebuilt"]],
    ["no program that sources were built to", { shop: STATIC, "go.mod": "module x\n" }, ["go"]],
    ["no tool of Python's", { "bin/tool": STATIC, "requirements.txt": "" }, ["python"]],
    ["no script that is named as what starts an app is", { "start.sh": "#!/bin/sh\n" }, ["shell"]],
    ["no library", { "libshop.so": elfBytes({ soname: "libshop.so" }) }, []],
    ["no scripts of whatever", { "bin/a": "#!/bin/sh\n", "README.md": "" }, []],
    ["no text", { "README.md": "" }, []],
  ];
  test.each(rows)("%s", (_, files, expected) => {
    expect(detectLanguages(memoryTree(files)).map(({ name }) => name)).toEqual(expected);
  });
});

describe("starts", () => {
  const rows: [string, MemoryFiles, Partial<LanguageOptions>, string][] = [
    ["the only program", { "server-1.2": STATIC }, {}, "./server-1.2"],
    ["the one for Linux", { server: STATIC, "server.exe": WINDOWS }, {}, "./server"],
    [
      "the one that is called like the app",
      { "bin/shop": STATIC, "bin/ctl": STATIC },
      {},
      "bin/shop",
    ],
    [
      "the same with version and platform",
      { "shop_1.2.3_linux_amd64": STATIC, ctl: STATIC },
      {},
      "./shop_1.2.3_linux_amd64",
    ],
    [
      "the one that is called as servers are",
      { "shop-server": STATIC, "shop-cli": STATIC },
      {},
      "./shop-server",
    ],
    [
      "the one of build.app",
      { "bin/shop": STATIC, "bin/ctl": STATIC },
      { member: "bin/ctl" },
      "bin/ctl",
    ],
    [
      "a script that is called like the app",
      { "bin/shop": "#!/bin/sh\n", "erts/bin/beam": STATIC },
      {},
      "bin/shop",
    ],
    ["a name with a space", { "my shop": STATIC }, {}, "'./my shop'"],
  ];
  test.each(rows)("%s", (_, files, options, line) => {
    const { start } = prebuilt.plan(memoryTree(files), { ...OPTIONS, ...options });
    expect(start?.line).toBe(line);
  });

  test("the program that a line names, by its place", () => {
    const tree = memoryTree({ "bin/shop": STATIC });
    expect(prebuilt.plainCommand!(tree, "shop serve --all")?.line).toBe("bin/shop serve --all");
    expect(prebuilt.plainCommand!(tree, "python x")).toBeNull();
  });

  test("with the words of a Dockerfile in the release", () => {
    const tree = memoryTree({ shop: STATIC, Dockerfile: 'FROM x\nCMD ["shop", "serve"]\n' });
    const { start } = prebuilt.plan(tree, OPTIONS);
    expect(start).toEqual({ line: "./shop serve", from: { what: "Dockerfile", line: 2 } });
  });

  test("jars with Java", () => {
    const tree = memoryTree({ "shop-1.0.jar": "PK" });
    expect(prebuilt.plan(tree, OPTIONS).start?.line).toEndWith("-jar shop-1.0.jar");
    expect(prebuilt.runtimes!(tree, { languages: [] })).toEqual([
      { language: "java", from: { what: "shop-1.0.jar" }, use: "run" },
    ]);
  });
});

describe("libraries", () => {
  test("of packages", () => {
    const { runPackages, build } = prebuilt.plan(memoryTree({ shop: LINKED }), OPTIONS);
    expect(runPackages).toEqual([{ names: ["libfoo1|libfoo1t64|libc6"], from: { what: "shop" } }]);
    expect(JSON.stringify(build)).toContain('check_libraries.py","./shop"');
  });

  test("of the release, with what those need; where nothing finds them, LD_LIBRARY_PATH does", () => {
    const files = {
      "bin/shop": elfBytes({ needed: ["libown.so.2", "libc.so.6"] }),
      "lib/libown.so.2": elfBytes({
        soname: "libown.so.2",
        interpreter: null,
        needed: ["libsqlite3.so.0"],
      }),
    };
    const { runPackages, env, decisions } = prebuilt.plan(memoryTree(files), OPTIONS);
    expect(runPackages).toEqual([
      { names: ["libsqlite3-0|libsqlite3-0t64|libc6"], from: { what: "lib/libown.so.2" } },
    ]);
    expect(env).toEqual({ LD_LIBRARY_PATH: "/nua/build/shop/lib" });
    expect(decisions?.at(-1)?.what).toBe("its libraries in lib");
  });

  test("of the release, which the program finds by itself", () => {
    const files = {
      "bin/shop": elfBytes({ needed: ["libown.so.2"], runPath: "$ORIGIN/../lib" }),
      "lib/libown.so.2": elfBytes({ soname: "libown.so.2", interpreter: null }),
    };
    expect(prebuilt.plan(memoryTree(files), OPTIONS).env).toEqual({});
  });

  test("none of a program that is linked statically", () => {
    const { runPackages, build } = prebuilt.plan(memoryTree({ shop: STATIC }), OPTIONS);
    expect({ runPackages, build }).toEqual({ runPackages: [], build: [] });
  });

  test("musl", () => {
    const files = {
      shop: elfBytes({ interpreter: MUSL_LOADER, needed: ["libc.musl-x86_64.so.1"] }),
    };
    const { runPackages, decisions } = prebuilt.plan(memoryTree(files), OPTIONS);
    expect(runPackages).toEqual([{ names: ["musl"], from: { what: "shop" } }]);
    expect(decisions?.[0]?.what).toEndWith("linked with musl");
  });

  test("a newer glibc than some Linux bases have", () => {
    const asks = (versions: string[]) =>
      prebuilt.runtimes!(memoryTree({ shop: elfBytes({ needed: ["libc.so.6"], versions }) }), {
        languages: [],
      });
    expect(asks(["GLIBC_2.34", "GLIBC_2.4"])).toEqual([]);
    expect(asks(["GLIBC_2.38", "GLIBC_2.4"])).toEqual([
      { language: "glibc", range: ">=2.38", from: { what: "shop" }, use: "run" },
    ]);
    expect(asks(["GLIBCXX_3.4.32"])[0]?.range).toBe(">=2.39");
  });
});

test("programs without an execute bit get one", () => {
  const { build } = prebuilt.plan(memoryTree({ "bin/shop": "#!/bin/sh\n", ctl: STATIC }), OPTIONS);
  expect(build[0]).toMatchObject({ argv: ["chmod", "a+x", "--", "bin/shop"], user: "nua" });
});

test("scripts get what runs them", () => {
  const plan = (text: string) => prebuilt.plan(memoryTree({ shop: text }), OPTIONS);
  expect(plan("#!/usr/bin/env perl\n").runPackages?.[0]?.names).toEqual(["perl"]);
  expect(plan("#!/bin/bash -e\n").runPackages).toEqual([]);
  expect(plan("#!/usr/bin/no;thing\n").warnings).toEqual([
    'shop:1: "no?thing" runs it, which is not known here: build.builder or run.packages has to bring it',
  ]);
});

test("says what an app is called", () => {
  const says = (name: string) => prebuilt.describe!(memoryTree({ [name]: STATIC }));
  expect(says("gitea-1.22.0-linux-amd64")).toEqual({ name: "gitea", version: "1.22.0" });
  expect(says("caddy_2.7.6_linux_x86_64")).toEqual({ name: "caddy", version: "2.7.6" });
  expect(says("my-shop")).toEqual({ name: "my-shop" });
});

describe("refuses", () => {
  const rows: [string, MemoryFiles, string][] = [
    [
      "another machine",
      { shop: elfBytes({ machine: 183 }) },
      'Run "shop": it is a program for 64-bit ARM (aarch64), and images are for x86-64 (amd64, linux/amd64)',
    ],
    ["another system", { "shop.exe": WINDOWS }, 'Run "shop.exe": it is a program for Windows'],
    ["FreeBSD", { shop: elfBytes({ system: 9 }) }, 'Run "shop": it is a program for FreeBSD'],
    [
      "what is cut off",
      { shop: LINKED.subarray(0, 300) },
      'Run "shop": it is damaged: it ends before what its header tells of',
    ],
    [
      "an AppImage",
      { shop: elfBytes({ spoil: (bytes) => bytes.set([0x41, 0x49, 2], 8) }) },
      'Run "shop": it is an AppImage, which mounts itself, and a container lets no program do so',
    ],
    [
      "musl with what Alpine has",
      { shop: elfBytes({ interpreter: MUSL_LOADER, needed: ["libstdc++.so.6"] }) },
      'Run "shop": it is linked with musl, and with libstdc++.so.6, which only Alpine has for that',
    ],
  ];
  test.each(rows)("%s", (_, files, error) => {
    expect(toldOf(files).error).toContain(error);
  });
});

test("asks for a choice of several programs", () => {
  const tree = memoryTree({ "bin/one": STATIC, "bin/two": STATIC });
  const told = 'there are several programs: bin/one, bin/two, and none is called "shop"';
  expect(prebuilt.plan(tree, OPTIONS).undecided?.message).toContain(told);
  expect(prebuilt.plan(tree, { ...OPTIONS, started: ["bin/one x"] }).start?.line).toBe("bin/one");
  expect(prebuilt.plan(tree, { ...OPTIONS, started: ["sh -c x"] }).start).toBeNull();
  expect(prebuilt.findMember!(tree, "two")).toBe("bin/two");
});
