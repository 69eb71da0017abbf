/** Which compiler an app of C or C++ asks for, and upon which Linux base it is there. */
import { describe, expect, test } from "bun:test";
import { chooseRuntimes } from "../../../../src/bases/choose-runtimes.ts";
import { cpp } from "../../../../src/languages/cpp/cpp.ts";
import { newerTool } from "../../../../src/languages/cpp/pins.ts";
import { readProject } from "../../../../src/languages/cpp/read-project.ts";
import { gccVersions } from "../../../../src/languages/cpp/versions.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

type Files = Record<string, string>;

const lists = (text: string, more: Files = {}): Files => ({
  "CMakeLists.txt": `project(shop)\n${text}\nadd_executable(shop main.cc)\n`,
  "main.cc": "int main() {}\n",
  ...more,
});
const includes = (name: string, more = ""): Files =>
  lists("", { "main.cc": `// a\n${more}#include <${name}>\nint main() {}\n` });

const asked = (files: Files) => cpp.runtimes!(memoryTree(files), { languages: ["cpp"] });

describe("asks for", () => {
  test.each<[string, Files, string | undefined, string]>([
    ["any", lists("set(CMAKE_CXX_STANDARD 20)"), undefined, "CMakeLists.txt"],
    ["C++23", lists("set(CMAKE_CXX_STANDARD 23)"), ">=13", "CMakeLists.txt:2"],
    [
      "C++26, by a feature",
      lists("target_compile_features(shop PUBLIC cxx_std_26)"),
      ">=14",
      "CMakeLists.txt:2",
    ],
    ["C23", lists("set(CMAKE_C_STANDARD 23)"), ">=13", "CMakeLists.txt:2"],
    [
      "C++23, by Meson",
      {
        "meson.build":
          "project('a', 'cpp',\n  default_options: ['cpp_std=c++23'])\nexecutable('a', 'a.cc')\n",
      },
      ">=13",
      "meson.build:1",
    ],
    [
      "its name as a draft",
      {
        "meson.build":
          "project('a', 'cpp', default_options: 'cpp_std=gnu++2b')\nexecutable('a', 'a.cc')\n",
      },
      ">=13",
      "meson.build:1",
    ],
    [
      "C++23, by Autoconf",
      {
        "configure.ac": "AC_INIT([a], [1])\nAX_CXX_COMPILE_STDCXX([23], [noext])\n",
        "Makefile.am": "bin_PROGRAMS = a\n",
        "a.cc": "",
      },
      ">=13",
      "configure.ac:2",
    ],
    ["a header", includes("format"), ">=13", "main.cc:2"],
    ["a newer one", includes("print"), ">=14", "main.cc:2"],
    [
      "none that it does without",
      includes("print", "#if __has_include(<print>)\n"),
      undefined,
      "CMakeLists.txt",
    ],
    [
      "CMake",
      { "CMakeLists.txt": "cmake_minimum_required(VERSION 3.28...4.0)\nproject(a)\n", "a.c": "" },
      ">=13",
      "CMakeLists.txt:1",
    ],
    ["Meson", { "meson.build": "project('a', meson_version: '>=1.4')\n" }, ">=14", "meson.build:1"],
    [
      "a CMake that none has: any",
      { "CMakeLists.txt": "cmake_minimum_required(VERSION 4.2)\nproject(a)\n", "a.c": "" },
      undefined,
      "CMakeLists.txt",
    ],
  ])("%s", (_, files, range, from) => {
    const [what = "", line] = from.split(":");
    expect(asked(files)).toEqual([
      {
        ...{ language: "cpp", use: "build" },
        ...(range === undefined ? {} : { range }),
        from: { what, ...(line === undefined ? {} : { line: Number(line) }) },
      },
    ]);
  });
});

test("a tool that no Linux base has comes as a package", () => {
  const tree = memoryTree({
    "CMakeLists.txt": "cmake_minimum_required(VERSION 4.2)\nproject(a)\n",
  });
  expect(newerTool(readProject(tree)!)).toEqual({ name: "cmake", version: "4.2" });
});

describe("is built upon", () => {
  const chosen = (files: Files, builder?: string) => {
    const requests = asked(files);
    const linux = {
      ...{ configured: "ubuntu:22.04", configuredIs: "ubuntu:22.04", refused: {} },
      others: ["debian:12", "debian:13", "ubuntu:24.04"],
    };
    const from = { builder, builderFrom: { what: "build.builder" } };
    const { build, linuxBase } = chooseRuntimes({ requests, ...from, lists: {}, linux });
    return [linuxBase, build.map(({ language, version }) => `${language}${version}`).join()];
  };
  test.each<[string, Files, string | undefined, (string | null)[]]>([
    ["the configured one", lists(""), undefined, [null, "cpp11"]],
    [
      "the first that has it",
      lists("set(CMAKE_CXX_STANDARD 23)"),
      undefined,
      ["debian:13", "cpp14"],
    ],
    ["the one of build.builder", lists(""), "gcc-13", ["ubuntu:24.04", "cpp13"]],
    ["the same by another name", lists(""), "g++-12.2", ["debian:12", "cpp12"]],
  ])("%s", (_, files, builder, found) => {
    expect(chosen(files, builder)).toEqual(found);
  });
});

test.each<[string, string, boolean | null]>([
  ["13", "13", true],
  ["13.2.0", "13", true],
  [">=12", "14", true],
  [">=12", "11", false],
  ["newest", "14", null],
  ["1".repeat(1000), "14", null],
])("the range %s and GCC %s", (range, version, fits) => {
  expect(gccVersions.parse(range)?.(version) ?? null).toBe(fits);
});
