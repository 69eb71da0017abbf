import { describe, expect, test } from "bun:test";
import { ConfigError } from "../../../src/config/problems.ts";
import { checkText, METADATA } from "../../helpers/config.ts";

const HERE = process.arch === "arm64" ? "arm64" : "amd64";
const MACHINE = process.arch === "arm64" ? "aarch64" : "x86_64";
const check = (body: string) => checkText(`${METADATA}${body}\n`);
const problemsOf = (body: string) => {
  try {
    check(body);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
};

describe("of a table by platform, that of this machine is taken", () => {
  const sum = "a".repeat(64);
  test.each([`"linux/${HERE}"`, HERE, MACHINE, `"linux-${HERE}"`])("%s", (key) => {
    const other = HERE === "amd64" ? "arm64" : "amd64";
    const { fields, config } = check(
      `[build.src-url]\n${key} = "https://h/{id}-{arch}-{machine}-{os}"\n${other} = "x"\n[build.src-checksum]\n${key} = "${sum}"`,
    );
    expect(fields.srcUrl).toEndWith(`-${HERE}-${MACHINE}-linux`);
    expect(config.build?.["src-checksum"]).toBe(sum);
  });
});

describe("is refused", () => {
  test.each<[string, string, string]>([
    [
      "a table without this platform",
      '[build.src-url]\nriscv64 = "x"',
      `there is none for linux/${HERE}`,
    ],
    [
      "what is no platform",
      `[build.src-url]\n${HERE} = "x"\namd46 = "y"`,
      '"amd46" is not a platform',
    ],
    [
      "one platform twice",
      `[build.src-url]\n${HERE} = "x"\n"linux/${HERE}" = "y"`,
      `linux/${HERE} is there twice`,
    ],
    ["a list", '[build]\nsrc-url = ["x"]', '"0" is not a platform'],
    ["an option", `[build.src-url]\n${HERE} = "-o"`, "is not the address of an archive"],
    [
      "a file of checksums",
      '[build]\nsrc-url = "https://h/x"\nsrc-checksum = "https://h/SHA256SUMS"',
      "expected a SHA-256",
    ],
    ["a method of that name", '[build]\nmethod = "binary"', '"binary" is not a method'],
  ])("%s", (_, body, problem) => {
    expect(problemsOf(body).join("\n")).toContain(problem);
  });
});
