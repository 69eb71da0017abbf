/** What is wrong with an app of C or C++: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { cpp } from "../../../../src/languages/cpp/cpp.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const MAIN = "int main(void) { return 0; }\n";
const lists = (text: string, more: Files = {}): Files => ({
  "CMakeLists.txt": `project(shop)\nadd_executable(shop main.c)\n${text}`,
  "main.c": MAIN,
  ...more,
});

test("nothing is told of one without faults", () => {
  expect(toldOf(lists(""))).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "a CMakeLists.txt that is no text",
      { "CMakeLists.txt": "\x7fELF\0\0\0" },
      'CMakeLists.txt:1: Read "CMakeLists.txt": it is not text',
    ],
    [
      "a meson.build that is no text",
      { "meson.build": "\0" },
      'meson.build:1: Read "meson.build": it is not text',
    ],
    [
      "marks of a conflict",
      lists("<<<<<<< HEAD\nset(A 1)\n=======\nset(A 2)\n>>>>>>> theirs\n"),
      'CMakeLists.txt:3: Read "CMakeLists.txt": git has left',
    ],
    [
      "a folder that is not there",
      lists("add_subdirectory(lib)\n"),
      'CMakeLists.txt:3: Read "CMakeLists.txt": add_subdirectory names "lib", which has no CMakeLists.txt',
    ],
    [
      "a folder that is none of the app's",
      lists("add_subdirectory(../lib)\n"),
      'CMakeLists.txt:3: Read "CMakeLists.txt": add_subdirectory names "../lib", which is outside of the app\'s folder',
    ],
    [
      "one of Meson's",
      { "meson.build": "project('a')\nsubdir('../b')\n" },
      'meson.build:2: Read "meson.build": subdir names "../b", which is outside of the app\'s folder',
    ],
  ])("%s", (_, files, error) => {
    expect(toldOf(files).error).toStartWith(error);
  });

  test("a submodule that is not there says how it is fetched", () => {
    expect(toldOf(lists("add_subdirectory(lib)\n", { ".gitmodules": "" })).hint).toBe(
      "fetch the submodules: git submodule update --init --recursive",
    );
  });

  test.each<[string, Files, string]>([
    [
      "only a library",
      { "CMakeLists.txt": "project(a)\nadd_library(a a.c)\n" },
      'Build "CMakeLists.txt": the app has no program; it is a library, as far as is known',
    ],
    [
      "only tests",
      { "CMakeLists.txt": "project(a)\nadd_executable(a_test a.c)\n" },
      'Build "CMakeLists.txt": the app has no program; a_test are tests or examples',
    ],
  ])("%s", (_, files, error) => {
    const options = { source: "/nua/build", runtime: "build", versions: {}, version: "1" } as const;
    const plan = () =>
      cpp.plan(memoryTree(files), { ...options, languages: [], place: "here", member: null });
    expect(plan).toThrow(error);
  });
});

describe("is told:", () => {
  test.each<[string, Files, string]>([
    [
      "what CMake would fetch",
      lists("FetchContent_Declare(json\n  GIT_REPOSITORY https://g.example/json.git)\n"),
      "the build would fetch https://g.example/json.git (CMakeLists.txt:3); its server has to be reached",
    ],
    [
      "what CPM would fetch",
      lists('CPMAddPackage("gh:fmtlib/fmt#10.0")\n'),
      "the build would fetch gh:fmtlib/fmt#10.0 (CMakeLists.txt:3)",
    ],
    [
      "what Meson would fetch",
      {
        "meson.build": "project('a')\nexecutable('a', 'a.c')\n",
        "subprojects/fmt.wrap":
          "[wrap-file]\ndirectory = fmt-9\nsource_url = https://f.example/fmt.zip\n",
      },
      "the build would fetch https://f.example/fmt.zip (subprojects/fmt.wrap); it is not",
    ],
    [
      "one that listens to itself alone",
      lists("", { "main.c": `${MAIN}svr.listen("127.0.0.1", 8080);` }),
      "main.c has shop listen to its own container alone",
    ],
  ])("%s", (_, files, warning) => {
    expect(toldOf(files).warnings).toEqual([expect.stringContaining(warning)]);
  });

  test("a subproject that is there is not fetched", () => {
    const files = {
      "meson.build": "project('a')\nexecutable('a', 'a.c')\n",
      "subprojects/fmt.wrap": "[wrap-file]\ndirectory = fmt-9\n",
      "subprojects/fmt-9/meson.build": "",
    };
    expect(toldOf(files)).toEqual({ warnings: [] });
  });
});

describe("is read in a moment:", () => {
  const MANY = 300_000;
  const OWN = ["$", "{A}"].join("");
  test.each<[string, Files]>([
    [
      "folders in a circle",
      lists("add_subdirectory(a)\n", {
        "a/CMakeLists.txt": "add_subdirectory(.)\nadd_subdirectory(../a)\n",
      }),
    ],
    [
      "folders within folders",
      Object.fromEntries([
        ["CMakeLists.txt", "project(a)\nadd_executable(a a.c)\nadd_subdirectory(d)\n"],
        ...Array.from({ length: 100 }, (_, index) => [
          `${"d/".repeat(index + 1)}CMakeLists.txt`,
          "add_subdirectory(d)\n",
        ]).slice(0, 99),
        [`${"d/".repeat(100)}CMakeLists.txt`, ""],
      ]) as Files,
    ],
    [
      "a variable of itself",
      lists(`${`set(A ${OWN}${OWN}${OWN}${OWN})\n`.repeat(100)}add_executable(${OWN} a.c)\n`),
    ],
    ["brackets that nothing ends", lists("[[".repeat(MANY))],
    ["comments that nothing ends", lists("#[[".repeat(MANY))],
    ["parentheses", lists(`set(${"(".repeat(MANY)}`)],
    ["quotes", lists(`set(A "${'\\"'.repeat(MANY)}`)],
    ["names of functions", lists("a ".repeat(MANY))],
    ["parentheses of Meson's", { "meson.build": `executable('a')\n${"f(".repeat(MANY)}` }],
    ["quotes of Meson's", { "meson.build": `executable('a')\n${"'''".repeat(MANY)}` }],
    [
      "a Makefile of one line",
      { Makefile: `all: shop\nX=${"$(X)".repeat(MANY)}\nPROG=$(X)\n`, "shop.c": MAIN },
    ],
    ["a Makefile of colons", { Makefile: `all: shop\n${"a b c ".repeat(MANY)}`, "shop.c": MAIN }],
    ["rules in a circle", { Makefile: "all: a\na: b\nb: a shop\n", "shop.c": MAIN }],
    [
      "a configure.ac of brackets",
      {
        "configure.ac": `AC_INIT(${"[".repeat(MANY)}\nPKG_CHECK_MODULES(${"[,".repeat(MANY)}\n`,
        "Makefile.am": "bin_PROGRAMS = a\n",
        "shop.c": MAIN,
      },
    ],
    ...["int ", "main(", "getenv(", '"0', "listen(", "#include <", "-", "don't ", "'f', "].map(
      (part): [string, Files] => [
        `a source full of ${part}`,
        lists("", { "main.c": `daemon(\n${MAIN}${part.repeat(MANY)}` }),
      ],
    ),
  ])("%s", (_, files) => {
    const begun = Date.now();
    expect(toldOf(files).error).toBeUndefined();
    expect(Date.now() - begun).toBeLessThan(20_000);
  });
});
