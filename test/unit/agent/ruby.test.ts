import { describe, expect, test } from "bun:test";
import { linkedPackages } from "../../../src/agent/apt.ts";
import { compileCommands, linkedFiles } from "../../../src/languages/ruby/agent/compile.ts";
import {
  findSource,
  isWanted,
  knownSource,
  needsOldOpenssl,
  packagedSeries,
  packagedVersion,
  parseIndex,
  seriesOf,
} from "../../../src/languages/ruby/agent/sources.ts";
import { gemsOf } from "../../../src/languages/ruby/gems.ts";
import { gemPackages } from "../../../src/languages/ruby/native-packages.ts";
import type { RuntimePlace } from "../../../src/languages/runtime.ts";
import { compareVersions } from "../../../src/lib/version-order.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";
import { line } from "./facts.ts";

const SUM = "a".repeat(64);
const INDEX = [
  "name\turl\tsha1\tsha256\tsha512",
  `ruby-3.3.9\thttps://a.example/pub/ruby/3.3/ruby-3.3.9.tar.gz\tx\t${SUM}\tx`,
  `ruby-3.3.10\thttps://a.example/pub/ruby/3.3/ruby-3.3.10.tar.gz\tx\t${SUM}\tx`,
  `ruby-3.3.10\thttps://a.example/pub/ruby/3.3/ruby-3.3.10.zip\tx\t${SUM}\tx`,
  `ruby-3.4.0-rc1\thttps://a.example/pub/ruby/3.4/ruby-3.4.0-rc1.tar.gz\tx\t${SUM}\tx`,
  "ruby-3.3.11\thttps://a.example/pub/ruby/3.3/ruby-3.3.11.tar.gz\tx\tno digest\tx",
  "",
].join("\n");

describe("sources of Ruby", () => {
  test("the index has releases with a digest, as gzipped tars", () => {
    expect(parseIndex(INDEX).map(({ path }) => path)).toEqual([
      "3.3/ruby-3.3.9.tar.gz",
      "3.3/ruby-3.3.10.tar.gz",
    ]);
    expect(parseIndex("<html>not an index</html>")).toEqual([]);
  });

  test.each([
    ["3.3", "3.3.10"],
    ["3.3.9", "3.3.9"],
    ["3", "3.3.10"],
    ["3.3.1", undefined],
    ["3.4", undefined],
  ])("of the index, %p means %p", (wanted, version) => {
    expect(findSource(wanted, parseIndex(INDEX))?.version).toBe(version);
  });

  test.each([
    ["2.7", "2.7/ruby-2.7.8.tar.gz"],
    ["3.1.4", "3.1/ruby-3.1.4.tar.gz"],
    ["3.2", "3.2/ruby-3.2.2.tar.gz"],
    ["3.2.3", undefined],
  ])("without an index, %p is %p", (wanted, path) => {
    expect(knownSource(wanted)?.path).toBe(path);
  });

  test.each([
    ["ruby:\n  Installed: (none)\n  Candidate: 1:3.1\n  Version table:\n", "3.1"],
    ["ruby:\n  Installed: 1:3.0~exp1\n  Candidate: 1:3.0~exp1\n", "3.0"],
    ["ruby:\n  Installed: (none)\n  Candidate: (none)\n", null],
    ["", null],
  ])("apt-cache says %j", (policy, series) => {
    expect(packagedSeries(policy)).toBe(series);
  });

  test.each([
    ["ruby3.1:\n  Installed: (none)\n  Candidate: 3.1.2-7+deb12u1\n", "3.1.2"],
    ["ruby3.1:\n  Candidate: 1:3.1.2-7\n", "3.1.2"],
    ["ruby3.1:\n  Candidate: 3.1.7+really3.1.2-0+deb12u1\n", "3.1.2"],
    ["N: Unable to locate package ruby3.1\n", null],
  ])("apt-cache says %j of a series", (policy, version) => {
    expect(packagedVersion(policy)).toBe(version);
  });

  test.each([
    ["3.1", true],
    ["3.1.2", true],
    ["3.1.4", false],
    ["3.10", false],
    ["3", true],
  ])("Debian's 3.1.2 will do for %p: %p", (wanted, expected) => {
    expect(isWanted("3.1.2", wanted)).toBe(expected);
  });

  test("series, order and OpenSSL", () => {
    expect(seriesOf("3.2.2")).toBe("3.2");
    expect(compareVersions("3.10.0", "3.9.9")).toBeGreaterThan(0);
    expect(compareVersions("3.1.0", "3.1")).toBe(0);
    expect(["2.7.8", "3.0.6", "3.1.0", "3.2.2"].map(needsOldOpenssl)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("compileCommands", () => {
  const ruby = { version: "2.7.8", file: "/s/2.7.8.tar.gz" };
  const openssl = { version: "1.1.1w", file: "/s/1.1.1w.tar.gz" };
  const tar = "tar --extract --gzip --no-same-owner --strip-components=1 -f";

  test("here", () => {
    const commands = compileCommands({ root: "/", scratch: "/s", ruby, openssl: null });
    expect(commands.flatMap(line)).toEqual([
      "mkdir /s/ruby",
      `${tar} /s/2.7.8.tar.gz -C /s/ruby`,
      "./configure --prefix=/usr/local --disable-install-doc debugflags=-g0",
      "make -j$(nproc)",
      "make install DESTDIR=",
      "rm -f /usr/local/lib/libruby-static.a",
      "rm -rf /s/ruby",
    ]);
  });

  test("for another root, with an OpenSSL of its own", () => {
    const prefix = "/usr/local/lib/nua/openssl";
    const lines = compileCommands({ root: "/out", scratch: "/s", ruby, openssl }).flatMap(line);
    expect(lines.slice(2, 8)).toEqual([
      `./config --prefix=${prefix} --openssldir=/usr/lib/ssl shared`,
      "make -j$(nproc)",
      "make install_sw",
      "rm -rf /s/openssl",
      "mkdir -p /out",
      `cp --archive --parents ${prefix} /out`,
    ]);
    expect(lines).toContain(
      `./configure --prefix=/usr/local --disable-install-doc debugflags=-g0 --with-openssl-dir=${prefix} LDFLAGS=-Wl,-rpath,${prefix}/lib`,
    );
    expect(lines).toContain("make install DESTDIR=/out");
    expect(lines).toContain("rm -f /out/usr/local/lib/libruby-static.a");
  });

  test("the packages that it is linked with", () => {
    let names: string[] = [];
    const command = linkedPackages(linkedFiles("/out"), (found) => {
      names = found;
      return [];
    });
    expect(line(command)[0]).toStartWith("ask find /out/usr/local -type f ");
    if (command.kind === "derive") {
      command.next("libyaml-0-2:amd64: /usr/lib/a.so\nlibc6:amd64: /usr/lib/b.so\nlibc6: /c.so\n");
    }
    expect(names).toEqual(["libyaml-0-2", "libc6"]);
  });
});

const LOCK = `GIT
  remote: https://git.example/a.git
  specs:
    a (1.0)

PATH
  remote: own
  specs:
    pg (1.0)

GEM
  remote: https://gems.example/
  specs:
    nokogiri (1.15.0)
      racc (~> 1.4)

PLATFORMS
  ruby
`;

describe("gemPackages", () => {
  test.each<[string, Record<string, string>, RuntimePlace, string[]]>([
    [
      "a lock",
      { Gemfile: "", "Gemfile.lock": LOCK },
      "image",
      ["libxml2-dev", "libxslt1-dev", "git"],
    ],
    ["Debian's Ruby", { Gemfile: "gem 'pg'\n" }, "none", ["ruby-dev", "libpq-dev"]],
  ])("%s", (_, files, runtime, expected) => {
    expect(gemPackages(gemsOf(memoryTree(files)), runtime).build).toEqual([
      "build-essential",
      ...expected,
    ]);
  });
  test("gems of the app's own need no compiler", () => {
    const gemfile = memoryTree({ Gemfile: 'gem "own", path: "own"\n' });
    const lock = memoryTree({ Gemfile: "", "Gemfile.lock": "PATH\n  specs:\n    own (1.0)\n" });
    for (const tree of [gemfile, lock])
      expect(gemPackages(gemsOf(tree), "image").build).toEqual([]);
  });
});
