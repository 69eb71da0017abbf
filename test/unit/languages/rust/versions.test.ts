/** Which Rust an app asks for, which there are, and where they come from. */
import { describe, expect, test } from "bun:test";
import {
  componentsOf,
  parseStable,
  versionOf,
} from "../../../../src/languages/rust/agent/channel.ts";
import {
  compilerPackages,
  linksOf,
  parsePolicy,
} from "../../../../src/languages/rust/agent/packaged.ts";
import { requestedRust } from "../../../../src/languages/rust/pins.ts";
import { readProject } from "../../../../src/languages/rust/project.ts";
import { rustVersions } from "../../../../src/languages/rust/versions.ts";
import { formatOrigin } from "../../../../src/protocol/planned-action.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

type Files = Record<string, string>;

const TOML = '[package]\nname = "shop"\nversion = "0.1.0"\n';

describe("what is asked for", () => {
  test.each<[string, Files, string, string]>([
    ["nothing", {}, ">=1.56.0", "Cargo.toml"],
    ["an edition", { "Cargo.toml": `${TOML}edition = "2024"\n` }, ">=1.85.0", "Cargo.toml:4"],
    [
      "rust-version",
      { "Cargo.toml": `${TOML}rust-version = "1.70"\n` },
      ">=1.70.0",
      "Cargo.toml:4",
    ],
    [
      "the workspace's edition",
      {
        "Cargo.toml": '[workspace]\nmembers = ["a"]\n[workspace.package]\nedition = "2024"\n',
        "a/Cargo.toml": '[package]\nname = "a"\nedition.workspace = true\n',
      },
      ">=1.85.0",
      "Cargo.toml:4",
    ],
    [
      "the highest of the members",
      {
        "Cargo.toml": '[workspace]\nmembers = ["a"]\n',
        "a/Cargo.toml": '[package]\nname = "a"\nrust-version = "1.90"\n',
      },
      ">=1.90.0",
      "a/Cargo.toml:3",
    ],
    ["the format of the lock", { "Cargo.lock": "version = 4\n" }, ">=1.78.0", "Cargo.lock:1"],
    [
      "rust-toolchain.toml",
      { "rust-toolchain.toml": '[toolchain]\nchannel = "1.80.1"\n' },
      "1.80.1",
      "rust-toolchain.toml:2",
    ],
    [
      "rust-toolchain before that",
      {
        "rust-toolchain": "1.81\n",
        "rust-toolchain.toml": '[toolchain]\nchannel = "1.80.1"\n',
      },
      "1.81",
      "rust-toolchain:1",
    ],
    [
      "rust-toolchain, as TOML",
      { "rust-toolchain": '[toolchain]\nchannel = "1.82"\n' },
      "1.82",
      "rust-toolchain:2",
    ],
    ["mise.toml", { "mise.toml": '[tools]\nrust = "1.88"\n' }, "1.88", "mise.toml:2"],
    [".tool-versions", { ".tool-versions": "rust 1.88.0\n" }, "1.88.0", ".tool-versions:1"],
  ])("%s", (_, files, range, from) => {
    const tree = memoryTree({ "Cargo.toml": TOML, ...files });
    const [asked] = requestedRust(tree, readProject(tree)!);
    expect([asked!.range, formatOrigin(asked!.from)]).toEqual([range, from]);
  });
});

test.each<[string, string, boolean]>([
  ["1.80", "1.80.1", true],
  ["1.80.1", "1.80.0", false],
  ["stable", "1.96.0", true],
  ["stable", "1.75.0", false],
  ["stable-x86_64-unknown-linux-gnu", "1.96.0", true],
  ["1.80.1-x86_64-unknown-linux-gnu", "1.80.1", true],
  ["nightly", "1.96.0", false],
  ["beta", "1.96.0", false],
])("%j allows %s: %p", (range, version, expected) => {
  expect(rustVersions.parse(range)?.(version)).toBe(expected);
});

test.each<[string, string, boolean | undefined]>([
  ["1.80.1", "1.96.0", true],
  ["1.80.1", "1.63.0", false],
  ["nightly", "1.96.0", undefined],
])("in place of %j, %s will do: %p", (range, version, expected) => {
  expect(rustVersions.instead!(range)?.(version)).toBe(expected);
});

const TRIPLE = "x86_64-unknown-linux-gnu";
const SUM = "a".repeat(64);
const part = (name: string) =>
  `[pkg.${name}.target.${TRIPLE}]\navailable = true\nurl = "https://static.rust-lang.org/dist/2024-08-08/${name}.tar.gz"\nhash = "${SUM}"\nxz_url = "https://static.rust-lang.org/dist/2024-08-08/${name}.tar.xz"\nxz_hash = "${SUM}"\n\n`;
const MANIFEST = `manifest-version = "2"\ndate = "2024-08-08"\n\n[pkg.rustc]\nversion = "1.2.1 (3f5fd8dd4 2024-08-06)"\n\n${["rustc", "cargo", "rust-std"].map(part).join("")}[renames]\n`;

describe("a channel's manifest", () => {
  test("has a version, and the components of a processor", () => {
    expect(versionOf(MANIFEST)).toBe("1.2.1");
    expect(componentsOf(MANIFEST, TRIPLE)?.map(({ name, url }) => [name, url])).toEqual(
      ["rustc", "cargo", "rust-std"].map((name) => [
        name,
        `https://static.rust-lang.org/dist/2024-08-08/${name}.tar.xz`,
      ]),
    );
    expect(componentsOf(MANIFEST, "aarch64-unknown-linux-gnu")).toBeUndefined();
  });

  test("without a checksum is none", () => {
    expect(componentsOf(MANIFEST.replaceAll("xz_hash", "other"), TRIPLE)).toBeUndefined();
  });

  test("that is the newest tells of all that there are", () => {
    const all = ["1.0.0", "1.0.1", "1.0.2", "1.1.0", "1.1.1", "1.1.2", "1.2.0", "1.2.1"];
    expect(parseStable(MANIFEST)).toEqual(all);
    expect(parseStable("<html></html>")).toBeUndefined();
  });
});

describe("the distribution's packages", () => {
  test("are Debian's, its newer ones, and those that Ubuntu has of a series", () => {
    expect(compilerPackages("1.80.1")).toEqual(["rustc-web", "rustc", "rustc-1.80"]);
  });

  test("with their versions, as apt tells them", () => {
    const policy = [
      ...["rustc-web:", "  Installed: (none)", "  Candidate: 1.96.0+dfsg1-1~deb12u2"],
      ...["  Version table:", "     1.96.0+dfsg1-1~deb12u2 500", "rustc:", "  Installed: (none)"],
      ...["  Candidate: 1.63.0+dfsg1-2", "rustc-1.80:", "  Candidate: (none)"],
    ];
    expect(parsePolicy(policy.join("\n"))).toEqual([
      { version: "1.96.0", packages: ["rustc-web", "cargo-web"] },
      { version: "1.63.0", packages: ["rustc", "cargo"] },
    ]);
  });

  test("of a series get the usual names", () => {
    const packaged = { version: "1.80.0", packages: ["rustc-1.80", "cargo-1.80"] };
    expect(linksOf(packaged)).toEqual(["rustc-1.80", "cargo-1.80"]);
    expect(linksOf({ version: "1.63.0", packages: ["rustc", "cargo"] })).toEqual([]);
  });
});
