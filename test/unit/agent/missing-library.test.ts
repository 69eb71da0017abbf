import { expect, test } from "bun:test";
import { missingLibrary } from "../../../src/agent/missing-library.ts";
import { CommandError } from "../../../src/lib/errors.ts";

const failure = (tail: string) =>
  new CommandError("build", 'Run "make": it ended with status 1', {
    ...{ argv: ["make"], exitCode: 1, tail },
  });

test.each<[string, string, string, string]>([
  [
    "a compiler",
    "a.c:1:10: fatal error: libpq-fe.h: No such file or directory",
    "the header libpq-fe.h",
    "libpq-fe-dev",
  ],
  [
    "a header in a folder",
    "a.c:1:10: fatal error: event2/event.h: No such file or directory",
    "the header event2/event.h",
    "libevent2-dev",
  ],
  [
    "a linker",
    "/usr/bin/ld: cannot find -lssl: No such file or directory",
    "the library ssl",
    "libssl-dev",
  ],
  ["pkg-config", "No package 'libcurl' found", "the library libcurl", "libcurl-dev"],
  [
    "a newer one",
    "Package 'jansson', required by 'virtual:world', not found",
    "the library jansson",
    "libjansson-dev",
  ],
  [
    "CMake",
    "  Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)",
    "the library ZLIB",
    "libzlib-dev",
  ],
  [
    "its packages",
    '  Could not find a package configuration file provided by "fmt" with any of',
    "the library fmt",
    "libfmt-dev",
  ],
  [
    "Meson",
    'meson.build:3:0: ERROR: Dependency "glib-2.0" not found, tried pkgconfig',
    "the library glib-2.0",
    "libglib-2.0-dev",
  ],
  [
    "a script",
    "./configure: error: the HTTP rewrite module requires the PCRE library.",
    "the library PCRE",
    "libpcre-dev",
  ],
  ["Autoconf", "configure: error: libevent not found", "the library event", "libevent-dev"],
])("what is missing is named, as %s tells it", (_, tail, what, example) => {
  const told = missingLibrary(failure(`some lines\n${tail}\nmore`));
  expect(told?.message).toEndWith(`: ${what} is not there`);
  expect(told?.hint).toBe(
    `name the Debian package that has it in build.packages, such as "${example}"`,
  );
});

test.each<[string, string]>([
  ["a shell", "/bin/sh: 1: xxd: not found"],
  ["make", "make: xxd: No such file or directory"],
  ["a CMakeLists.txt", "  xxd not found: nothing can be built"],
])("so is a program, as %s tells it", (_, tail) => {
  const told = missingLibrary(failure(tail));
  expect(told?.message).toEndWith(": the program xxd is not there");
  expect(told?.hint).toBe("name the Debian package that has it in build.packages");
});

test("other failures are not, however long", () => {
  expect(missingLibrary(failure("a.c:1: error: expected ';'"))).toBeUndefined();
  expect(missingLibrary(failure("fatal error: a".repeat(1_000_000)))).toBeUndefined();
});
