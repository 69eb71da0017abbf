/** What is wrong with an app of Rust's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { rust } from "../../../../src/languages/rust/rust.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const TOML = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n';
const LOCK = 'version = 3\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\n';
const MAIN = "fn main() {}\n";
const CONFLICT = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> theirs\n";

/** An app without faults, and what is other about it. */
const app = (more: Files = {}): Files => ({
  ...{ "Cargo.toml": TOML, "Cargo.lock": LOCK, "src/main.rs": MAIN },
  ...more,
});
const needs = (line: string): Files => app({ "Cargo.toml": `${TOML}\n[dependencies]\n${line}\n` });

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "Cargo.toml with marks of a conflict",
      app({ "Cargo.toml": TOML + CONFLICT }),
      'Cargo.toml:5: Read "Cargo.toml": git has left',
    ],
    ["Cargo.lock with such marks", app({ "Cargo.lock": CONFLICT }), "Cargo.lock:1: "],
    [
      "a Cargo.toml that is none",
      app({ "Cargo.toml": `${TOML}a = \n` }),
      'Cargo.toml:5: Read "Cargo.toml": not valid TOML: ',
    ],
    [
      "one without a package",
      app({ "Cargo.toml": "[dependencies]\n" }),
      'Cargo.toml:1: Read "Cargo.toml": it has neither [package] nor [workspace]',
    ],
    [
      "a key that holds something else",
      app({ "Cargo.toml": '[package]\nname = ["a"]\n' }),
      'Cargo.toml:2: Read "Cargo.toml": package.name: ',
    ],
    [
      "a member that is not there",
      app({ "Cargo.toml": `${TOML}\n[workspace]\nmembers = [\n  "api",\n]\n` }),
      'Cargo.toml:8: Read "Cargo.toml": the member "api" of the workspace has no Cargo.toml',
    ],
    [
      "a member that is none of the app's",
      app({ "Cargo.toml": '[workspace]\nmembers = ["../api"]\n' }),
      'Cargo.toml:2: Read "Cargo.toml": the member "../api" of the workspace is outside',
    ],
    [
      "a dependency in a folder that is none of the app's",
      needs('core = { path = "../core" }'),
      'Cargo.toml:7: Read "Cargo.toml": core is in the folder "../core", which is outside of the app\'s',
    ],
    [
      "a dependency in a folder of the machine",
      needs('core = { path = "/src/core" }'),
      'Cargo.toml:7: Read "Cargo.toml": core is in the folder "/src/core", which is outside',
    ],
    [
      "a dependency in a folder that is not there",
      needs('core = { path = "core" }'),
      'Cargo.toml:7: Read "Cargo.toml": core is in the folder "core", which has no Cargo.toml',
    ],
    [
      "a toolchain that nobody has",
      app({ "rust-toolchain.toml": '[toolchain]\nchannel = "1.999"\n' }),
      'rust-toolchain.toml:2: rust-toolchain.toml:2 asks for rust "1.999", which cannot be had',
    ],
    [
      "one that changes from day to day",
      app({ "rust-toolchain": "nightly-2024-05-01\n" }),
      'rust-toolchain:1: rust-toolchain:1 asks for rust "nightly-2024-05-01", which cannot be had',
    ],
    [
      "a toolchain that is none",
      app({ "rust-toolchain.toml": '[toolchain]\nchannel = "banana"\n' }),
      'rust-toolchain.toml:2: rust-toolchain.toml:2: "banana" is no version of rust',
    ],
    [
      "a rust-toolchain.toml that is none",
      app({ "rust-toolchain.toml": "channel =\n" }),
      'rust-toolchain.toml:1: Read "rust-toolchain.toml": not valid TOML',
    ],
    [
      "a rust-version of the future",
      app({ "Cargo.toml": `${TOML}rust-version = "1.999"\n` }),
      'Cargo.toml:5: Cargo.toml:5 asks for rust ">=1.999.0", which cannot be had',
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("what changes from day to day has what can be had as its hint", () => {
    const { hint } = toldOf(app({ "rust-toolchain": "nightly\n" }));
    expect(hint).toContain("1.96.0");
  });

  test("a lock that does not fit, with --frozen", () => {
    const { error, hint } = toldOf(needs('serde = "1"'), { frozen: true });
    expect(error).toBe(
      'Cargo.lock:undefined: Read "Cargo.lock": it does not fit: Cargo.lock does not have serde 1',
    );
    expect(hint).toContain("cargo generate-lockfile");
  });

  const options = {
    ...{
      source: "/nua/build",
      versions: {},
      version: "1",
      runtime: "build" as const,
      place: "here" as const,
    },
    ...{ member: null, languages: [] },
  } as const;
  const NO_PROGRAM = 'Build "Cargo.toml": the app has no program, neither';
  test.each<[string, Files, string]>([
    ["a library", { "Cargo.toml": TOML, "src/lib.rs": "" }, "it is a library"],
    [
      "an example that is not the app",
      {
        "Cargo.toml": `${TOML}\n[workspace]\nmembers = ["examples/a"]\n`,
        "src/lib.rs": "",
        "examples/a/Cargo.toml": '[package]\nname = "a"\n',
        "examples/a/src/main.rs": MAIN,
      },
      "a (examples/a) are examples, tests or tools",
    ],
  ])("no program: %s", (_, files, told) => {
    const plan = () => rust.plan(memoryTree(files), options);
    expect(plan).toThrow(NO_PROGRAM);
    expect(plan).toThrow(told);
  });
});

describe("is told:", () => {
  test.each<[string, Files, string]>([
    [
      "no lock",
      { "Cargo.toml": TOML, "src/main.rs": MAIN },
      "there is no Cargo.lock: Cargo completes it, and two builds may get different versions",
    ],
    [
      "a lock without what is wanted",
      needs('serde = "1"'),
      "Cargo.lock does not have serde 1: Cargo completes it, and two builds may get different versions",
    ],
    [
      "a lock with another version",
      {
        ...needs('serde = "2"'),
        "Cargo.lock": `${LOCK}\n[[package]]\nname = "serde"\nversion = "1.0.0"\n`,
      },
      "Cargo.lock does not have serde 2: Cargo completes it, and two builds may get different versions",
    ],
    [
      "a lock of another version of the app",
      app({ "Cargo.toml": TOML.replace("0.1.0", "0.2.0") }),
      "Cargo.lock does not have shop 0.2.0: Cargo completes it, and two builds may get different versions",
    ],
    [
      "a toolchain that is too old for the edition",
      app({
        "Cargo.toml": TOML.replace("2021", "2024"),
        "rust-toolchain.toml": '[toolchain]\nchannel = "1.75.0"\n',
      }),
      "rust-toolchain.toml:2 asks for rust 1.75.0, and Cargo.toml:4 needs 1.85.0 or newer: edition 2024 came with it",
    ],
    [
      "a toolchain that is too old for the lock",
      app({ "Cargo.lock": LOCK.replace("3", "4"), ".tool-versions": "rust 1.75.0\n" }),
      ".tool-versions:1 asks for rust 1.75.0, and Cargo.lock:1 needs 1.78.0 or newer: version 4 of its format came with it",
    ],
    [
      "a target that is not there",
      app({ "rust-toolchain.toml": '[toolchain]\ntargets = ["wasm32-unknown-unknown"]\n' }),
      "rust-toolchain.toml names the target wasm32-unknown-unknown, which is not there",
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files)).toEqual({ warnings: [told] });
  });

  test("what is patched may have another version", () => {
    const text = `${TOML}\n[dependencies]\nserde = "2"\n\n[patch.crates-io]\nserde = { git = "https://h/s" }\n`;
    const lock = `${LOCK}\n[[package]]\nname = "serde"\nversion = "1.0.0"\n`;
    expect(toldOf(app({ "Cargo.toml": text, "Cargo.lock": lock }))).toEqual({ warnings: [] });
  });
});
