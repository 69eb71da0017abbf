/** How apps of C and C++ are built and started. */
import { describe, expect, test } from "bun:test";
import { cpp } from "../../../../src/languages/cpp/cpp.ts";
import { nativePackages } from "../../../../src/languages/cpp/native-packages.ts";
import { findChosen } from "../../../../src/languages/cpp/programs.ts";
import { readProject } from "../../../../src/languages/cpp/read-project.ts";
import { detectLanguages } from "../../../../src/languages/languages.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { NO_WORK, PYTHON_ALONE } from "../../agent/facts.ts";

type Files = Record<string, string>;

const MAIN = "int main(void) { return 0; }\n";
const cmake = (text: string, more: Files = {}): Files => ({
  "CMakeLists.txt": `cmake_minimum_required(VERSION 3.15)\nproject(shop CXX)\n${text}`,
  "main.cc": MAIN,
  ...more,
});
const meson = (text: string, more: Files = {}): Files => ({
  "meson.build": `project('shop', 'cpp', version: '1.2')\n${text}`,
  "main.cc": MAIN,
  ...more,
});
const make = (text: string, more: Files = {}): Files => ({
  Makefile: text,
  "shop.c": MAIN,
  ...more,
});
const autotools = (text: string, more: Files = {}): Files => ({
  "configure.ac": "AC_INIT([shop], [1.2])\n",
  "Makefile.am": text,
  "shop.c": MAIN,
  ...more,
});

interface Asked {
  app?: string | null;
  start?: string;
  id?: string;
}

const planOf = (files: Files, { app = null, start, id = "" }: Asked = {}) => {
  const tree = memoryTree(files);
  const work = {
    ...NO_WORK,
    app,
    rendered: { id, version: "1.0" },
    start: start === undefined ? [] : [{ line: start, from: "run.start" }],
  };
  const input = { work, tree, foundBuildScript: null };
  const placed = { ...input, builtWith: PYTHON_ALONE, versions: {}, place: "here" as const };
  const parts = planParts(findParts(input), placed);
  return parts.find(({ language }) => language.name === "cpp")!.plan;
};

/** The lines, without the agent's own folders and programs. */
const built = (files: Files, asked?: Asked) =>
  planOf(files, asked).build.flatMap((command) => {
    if (command.kind !== "run") return [];
    const line = command.argv[0] === "bash" ? command.argv.at(-1)! : command.argv.join(" ");
    return [
      line
        .replaceAll("/var/tmp/nua-agent/", "")
        .replace(/"\$\(.*count_jobs\.py\)"/, "N")
        .replace(/^\S+python scripts\//, "")
        .replace(/ && find compiled.*$/, ""),
    ];
  });

const gathered = (name: string) => [
  `gather_programs.py --program ${name} --built compiled --stage stage --prefix local --bin bin`,
  "take_libraries.py bin local",
];
const CONFIGURE =
  "-S . -B compiled -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/nua/build/local -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_TESTING=OFF";
const SETUP =
  "meson setup compiled --buildtype release --prefix /nua/build/local --libdir lib --wrap-mode nodownload";

describe("is built", () => {
  test.each<[string, Files, string[]]>([
    [
      "by CMake",
      cmake("add_executable(shop main.cc)\n"),
      [`cmake ${CONFIGURE}`, "cmake --build compiled --parallel N", ...gathered("shop")],
    ],
    [
      "by CMake, and installed",
      cmake("add_executable(shop main.cc)\ninstall(TARGETS shop)\n"),
      [
        `cmake ${CONFIGURE}`,
        "cmake --build compiled --parallel N",
        "fakeroot cmake --install compiled",
        ...gathered("shop"),
      ],
    ],
    [
      "with a preset for a release",
      cmake("add_executable(shop main.cc)\n", {
        "CMakePresets.json": JSON.stringify({
          version: 3,
          configurePresets: [
            { name: "debug" },
            { name: "hidden", hidden: true },
            { name: "release" },
          ],
        }),
      }),
      [
        `cmake --preset release ${CONFIGURE}`,
        "cmake --build compiled --parallel N",
        ...gathered("shop"),
      ],
    ],
    [
      "by a CMake that no Linux base has",
      {
        "CMakeLists.txt":
          "cmake_minimum_required(VERSION 4.1)\nproject(shop)\nadd_executable(shop a.c)\n",
      },
      [
        "/nua/venv/bin/python -m pip install --target newer cmake>=4.1",
        `mkdir -p bin && printf '#!/bin/sh\\nPYTHONPATH=newer exec newer/bin/cmake "$@"\\n' >bin/cmake && chmod 755 bin/cmake`,
        `cmake ${CONFIGURE}`,
        "cmake --build compiled --parallel N",
        ...gathered("shop"),
      ],
    ],
    [
      "by Meson",
      meson("executable('shop', 'main.cc')\n"),
      [SETUP, "meson compile -C compiled -j N", ...gathered("shop")],
    ],
    [
      "by Meson, and installed",
      meson("executable('shop', ['main.cc'], install: true)\n"),
      [
        SETUP,
        "meson compile -C compiled -j N",
        "fakeroot meson install -C compiled --no-rebuild",
        ...gathered("shop"),
      ],
    ],
    [
      "by a configure of a release",
      { ...autotools("bin_PROGRAMS = shop\n"), configure: "#!/bin/sh\n" },
      [
        "mkdir -p compiled && cp -a . compiled/",
        "sh ./configure --prefix=/nua/build/local",
        "make -jN",
        "fakeroot make install DESTDIR=stage",
        ...gathered("shop"),
      ],
    ],
    [
      "by a configure that is made first",
      autotools("bin_PROGRAMS = shop\n"),
      [
        "mkdir -p compiled && cp -a . compiled/",
        "autoreconf --force --install",
        "./configure --prefix=/nua/build/local",
        "make -jN",
        "fakeroot make install DESTDIR=stage",
        ...gathered("shop"),
      ],
    ],
    [
      "by a configure that a script makes",
      autotools("bin_PROGRAMS = shop\n", { "autogen.sh": "#!/bin/sh\n" }),
      [
        "mkdir -p compiled && cp -a . compiled/",
        "sh ./autogen.sh",
        "./configure --prefix=/nua/build/local",
        "make -jN",
        "fakeroot make install DESTDIR=stage",
        ...gathered("shop"),
      ],
    ],
    [
      "by a Makefile",
      make("all: shop\nshop: shop.o\n\tcc -o $@ $^\n"),
      [
        "mkdir -p compiled && cp -a . compiled/",
        "make -jN PREFIX=/nua/build/local prefix=/nua/build/local",
        ...gathered("shop"),
      ],
    ],
    [
      "by a Makefile that can be told where to",
      make("PREFIX ?= /usr/local\nall: shop\ninstall: all\n\tcp shop $(DESTDIR)$(PREFIX)/bin/\n"),
      [
        "mkdir -p compiled && cp -a . compiled/",
        "make -jN PREFIX=/nua/build/local prefix=/nua/build/local",
        "fakeroot make install DESTDIR=stage PREFIX=/nua/build/local prefix=/nua/build/local",
        ...gathered("shop"),
      ],
    ],
  ])("%s", (_, files, lines) => {
    expect(built(files)).toEqual(lines);
  });
});

describe("is of another language", () => {
  const names = (files: Files) => detectLanguages(memoryTree(files)).map(({ name }) => name);
  test.each<[string, Files, string[]]>([
    ["a Makefile without sources", { Makefile: "all:\n\techo\n" }, []],
    ["a Makefile with a library's sources", { Makefile: "all: a.o\n", "a.c": "int a;\n" }, []],
    [
      "a Makefile beside Go",
      make("all: shop\n", { "go.mod": "module a\n", "main.go": "package main\nfunc main() {}\n" }),
      ["go"],
    ],
    ["an extension of Python", cmake("", { "setup.py": "setup(name='a')\n" }), ["python"]],
    [
      "another one",
      cmake("", {
        "pyproject.toml":
          '[build-system]\nrequires = ["scikit-build-core"]\n[project]\nname = "a"\nversion = "1"\n',
      }),
      ["python"],
    ],
    [
      "an addon of Node",
      cmake("", { "package.json": '{"name": "a", "main": "a.js"}', "binding.gyp": "{}" }),
      ["node"],
    ],
    [
      "a server of Node's",
      make("all: shop\n", { "package.json": '{"scripts": {"start": "node a.js"}}', "a.js": "" }),
      ["node"],
    ],
    [
      "none: tools of those who develop it",
      cmake("", { "package.json": '{"devDependencies": {"prettier": "3"}}' }),
      ["cpp"],
    ],
    ["none: a page beside it is its own", cmake("", { "index.html": "<p>" }), ["cpp"]],
  ])("%s", (_, files, found) => {
    expect(names(files)).toEqual(found);
  });
});

const chosen = (files: Files, asked?: Asked) => {
  const { start, warnings } = planOf(files, asked);
  return [start!.line, ...(warnings ?? [])];
};

describe("of several programs", () => {
  const three =
    "add_executable(shop a.cc)\nadd_executable(shop-cli b.cc)\nadd_executable(worker c.cc)\n";
  test.each<[string, Files, Asked, string[]]>([
    ["the one that is called like the project", cmake(three), {}, ["bin/shop"]],
    ["the one that is called like the app", cmake(three), { id: "worker" }, ["bin/worker"]],
    ["the one of build.app", cmake(three), { app: "shop-cli" }, ["bin/shop-cli"]],
    [
      "the one that the Dockerfile starts",
      cmake(three.replace("shop ", "x "), {
        Dockerfile: 'FROM a\nCMD ["/usr/bin/worker", "-v"]\n',
      }),
      {},
      ["bin/worker -v"],
    ],
    [
      "the one that is installed",
      cmake("add_executable(x a.cc)\nadd_executable(y b.cc)\ninstall(TARGETS y DESTINATION bin)\n"),
      {},
      ["bin/y"],
    ],
    [
      "no test, and no example",
      cmake("add_executable(x_test a.cc)\nadd_subdirectory(examples)\nadd_executable(srv b.cc)\n", {
        "examples/CMakeLists.txt": "add_executable(demo1 a.cc)\n",
      }),
      {},
      ["bin/srv"],
    ],
    [
      "the first, and it is told",
      cmake("add_executable(one a.cc)\nadd_executable(two b.cc)\n"),
      {},
      [
        "bin/one",
        "there are several programs: one, two; one is started; build.app or run.start names another",
      ],
    ],
    ["the daemon of the project", autotools("sbin_PROGRAMS = shopctl shopd\n"), {}, ["bin/shopd"]],
    [
      "none that is not installed",
      autotools("noinst_PROGRAMS = gen\nbin_PROGRAMS = one\n"),
      {},
      ["bin/one"],
    ],
    [
      "the one with a manual page",
      { configure: "#!/bin/sh\n", "src/aaa.c": MAIN, "src/shop.c": MAIN, "shop.8": "" },
      {},
      ["bin/shop"],
    ],
    [
      "a name that is put together",
      cmake(`set(APP \${PROJECT_NAME}d)\nadd_executable(\${APP} a.cc)\n`),
      {},
      ["bin/shopd"],
    ],
    [
      "a name of its own",
      cmake("add_executable(x a.cc)\nset_target_properties(x PROPERTIES OUTPUT_NAME shop)\n"),
      {},
      ["bin/shop"],
    ],
    [
      "none of another system",
      cmake("if(WIN32)\nadd_executable(w a.cc)\nelse()\nadd_executable(l a.cc)\nendif()\n"),
      {},
      ["bin/l"],
    ],
    [
      "of folders of Meson",
      meson("subdir('src')\n", { "src/meson.build": "executable('srv', 'a.cc')\n" }),
      {},
      ["bin/srv"],
    ],
    ["of variables of make", make("PROG = shopd\n$(PROG): shop.o\n\tcc\n"), {}, ["bin/shopd"]],
    [
      "of a Makefile that goes below",
      make("default: all\n.DEFAULT:\n\tcd src && $(MAKE) $@\n", {
        "src/Makefile": "SERVER_NAME=shop-server$(X)\nall: $(SERVER_NAME) shop-cli\n",
        "src/shop-cli.c": MAIN,
      }),
      {},
      ["bin/shop-server", expect.stringContaining("several") as unknown as string],
    ],
  ])("%s", (_, files, asked, said) => {
    expect(chosen(files, asked)).toEqual(said);
  });

  test("one is found by its name, or its folder", () => {
    const tree = memoryTree(
      cmake("add_subdirectory(srv)\nadd_executable(a b.cc)\n", {
        "srv/CMakeLists.txt": "add_executable(shopd a.cc)\n",
      }),
    );
    const project = readProject(tree)!;
    expect(["shopd", "srv/", "./a", "b"].map((one) => findChosen(tree, project, one))).toEqual([
      ...["shopd", "shopd", "a", null],
    ]);
  });
});

const startOf = (code: string, more: Files = {}) => {
  const { start, decisions } = planOf(
    make("all: shop\n", { "shop.c": `${code}\n${MAIN}`, ...more }),
  );
  return { line: start!.line, port: start!.port, decided: decisions!.map(({ what }) => what) };
};

describe("is started", () => {
  test.each<[string, string, number | undefined]>([
    ["with a default", 'const char *p = getenv("PORT"); int port = p ? atoi(p) : 3000;', 3000],
    ["without", 'listen_on(atoi(std::getenv("PORT")));', 8080],
    ["httplib", 'svr.listen("0.0.0.0", 8081);', 8081],
    ["drogon", 'app().addListener("0.0.0.0", 8848);', 8848],
    ["crow", "app.port(18080).run();", 18080],
    ["sockets", "addr.sin_port = htons(7000);", 7000],
    ["a constant", "#define DEFAULT_PORT 6000", 6000],
    ["a port of others", "#define HTTPS_PORT 443", undefined],
    ["nothing", "", undefined],
  ])("at the port of its code: %s", (_, code, port) => {
    expect(startOf(code).port).toBe(port);
  });

  test("at the port of the file that comes with it", () => {
    expect(startOf("", { "shop.conf": "# port 1\nport 6379\n" }).port).toBe(6379);
  });

  test.each<[string, string, Files, string]>([
    ["its usage", 'daemon(0, 0); puts(" -D   don\'t go to background");', {}, "-D"],
    ["a table of options", `daemonize(); {'f', "foreground", "Run in the foreground"}`, {}, "-f"],
    ["its manual", "setsid();", { "shop.8": ".TP\n.B \\-n\nDo not fork.\n" }, "-n"],
    ["a long word", 'daemon(1, 1); "  --no-daemon  run in foreground"', {}, "--no-daemon"],
  ])("in the foreground, as %s says", (_, code, more, option) => {
    const { line, decided } = startOf(code, more);
    expect([line, decided.at(-1)]).toEqual([
      `bin/shop ${option}`,
      `in the foreground by ${option}`,
    ]);
  });

  test("as it is, where it never goes to the background", () => {
    expect(startOf('puts("-D don\'t go to background");').line).toBe("bin/shop");
  });

  test.each<[string, string | null]>([
    ["shop", "bin/shop"],
    ["./build/shop --x 1", "bin/shop --x 1"],
    ["src/shop -c conf/a.conf", "bin/shop -c conf/a.conf"],
    ["other", null],
  ])("by a line that says `%s`", (line, plain) => {
    const found = cpp.plainCommand!(memoryTree(make("all: shop\n")), line);
    expect(found?.line ?? null).toBe(plain);
  });
});

describe("Debian packages", () => {
  const packages = (files: Files) => {
    const tree = memoryTree(files);
    return nativePackages(tree, readProject(tree)!).build;
  };
  test.each<[string, Files, string[]]>([
    [
      "find_package",
      cmake("find_package(OpenSSL REQUIRED)\nfind_package(Nobody)\n"),
      ["libssl-dev"],
    ],
    [
      "parts of Boost",
      cmake("find_package(Boost 1.70 REQUIRED COMPONENTS system thread)\n"),
      ["libboost-dev", "libboost-system-dev", "libboost-thread-dev"],
    ],
    [
      "pkg-config of CMake",
      cmake("pkg_check_modules(X REQUIRED libcurl>=7 sqlite3)\n"),
      ["libcurl4-openssl-dev", "libsqlite3-dev"],
    ],
    [
      "dependency()",
      meson("a = dependency('libuv', version: '>=1')\ncc.find_library('pcre2-8')\n"),
      ["libuv1-dev", "libpcre2-dev"],
    ],
    ["programs", cmake("find_program(XSLTPROC xsltproc OPTIONAL)\n"), ["xsltproc", "docbook-xsl"]],
    [
      "checks of configure.ac",
      autotools("", {
        "configure.ac":
          "AC_INIT([a],[1])\nAC_CHECK_LIB([z], [inflate])\nPKG_CHECK_MODULES([E], [libevent >= 2.0 jansson])\nAC_SEARCH_LIBS([crypt], [crypt])\ndnl AC_CHECK_LIB([pq], [x])\n",
      }),
      ["zlib1g-dev", "libevent-dev", "libjansson-dev", "libcrypt-dev"],
    ],
    [
      "words of the linker",
      make("LIBS = -lssl -lcrypto -lm -lpthread\nall: shop\n"),
      ["libssl-dev"],
    ],
    [
      "a script that people wrote",
      {
        configure: "#!/bin/sh\n. auto/lib/conf\n",
        "auto/lib/conf": 'libs="-lz"\n',
        "src/shop.c": MAIN,
      },
      ["zlib1g-dev"],
    ],
  ])("%s", (_, files, names) => {
    expect(packages(files)).toEqual(names);
  });
});

describe("is described", () => {
  test.each<[string, Files, object]>([
    [
      "CMake",
      {
        "CMakeLists.txt":
          'project(shop VERSION 2.1 DESCRIPTION "A shop" HOMEPAGE_URL https://s.example)\n',
      },
      { name: "shop", version: "2.1", description: "A shop", homepage: "https://s.example" },
    ],
    ["Meson", meson(""), { name: "shop", version: "1.2" }],
    ["configure.ac", autotools(""), { name: "shop", version: "1.2" }],
    [
      "configure",
      { configure: "PACKAGE_NAME='Shop'\nPACKAGE_VERSION='3.0'\n", "a.c": MAIN },
      { name: "Shop", version: "3.0" },
    ],
    ["a file VERSION", make("all: shop\n", { VERSION: "4.5\n" }), { version: "4.5" }],
    [
      "its sources",
      make("all: shop\n", { "version.h": '#define SHOP_VERSION "7.0"\n' }),
      { version: "7.0" },
    ],
  ])("by %s", (_, files, said) => {
    expect(cpp.describe!(memoryTree(files))).toEqual(said);
  });
});
