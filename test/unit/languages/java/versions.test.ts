/** Which Java an app gets, and upon which Linux base. */
import { describe, expect, test } from "bun:test";
import { chooseRuntimes } from "../../../../src/bases/choose-runtimes.ts";
import { majorOf } from "../../../../src/languages/java/app/versions.ts";
import { requestedJava } from "../../../../src/languages/java/pins.ts";
import { readProject } from "../../../../src/languages/java/read-project.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import {
  BOOT_WEB,
  type Files,
  GRADLE_WRAPPER,
  MAIN,
  MAIN_FILE,
  pom,
  properties,
  wrapper,
} from "./apps.ts";

const OTHERS = ["debian:12", "debian:13", "ubuntu:24.04"];

function chosen(files: Files, configured = "ubuntu:22.04", builder?: string) {
  const tree = memoryTree(files);
  const { run, build, linuxBase } = chooseRuntimes({
    requests: requestedJava(tree, readProject(tree)!),
    ...{ builder, builderFrom: { what: "build.builder" }, lists: {} },
    linux: { configured, others: OTHERS, refused: {} },
  });
  return [run[0], build[0], linuxBase];
}

const both = (version: string, linux: string | null = null) => [
  { language: "java", version },
  { language: "jdk", version },
  linux,
];

const maven = (all: Record<string, string>, more: Files = {}): Files => ({
  ...{ "pom.xml": pom("shop", properties(all) + BOOT_WEB), [MAIN_FILE]: MAIN },
  ...more,
});
const gradle = (script: string, version = "8.14"): Files => ({
  ...{ "build.gradle": `plugins { id 'application' }\n${script}\n`, [MAIN_FILE]: MAIN },
  [GRADLE_WRAPPER]: wrapper(version),
});

describe("the oldest that fits is taken:", () => {
  test.each<[string, Files, string, string | null]>([
    ["nothing asks", maven({}), "17", null],
    ["for Spring's property", maven({ "java.version": "11" }), "11", null],
    ["as Java 8 was called", maven({ "maven.compiler.source": "1.8" }), "8", null],
    [
      "with an option that Java 8 does not know",
      maven({ "maven.compiler.release": "8" }),
      "11",
      null,
    ],
    ["between two that are mended", maven({ "maven.compiler.release": "18" }), "21", null],
    ["newer than the base has", maven({ "java.version": "25" }), "25", "debian:13"],
    ["of a pin", maven({ "java.version": "11" }, { ".java-version": "21.0.2\n" }), "21", null],
    ["of SDKMAN", maven({}, { ".sdkmanrc": "# sdk env\njava=21.0.2-tem\n" }), "21", null],
    ["of asdf", maven({}, { ".tool-versions": "java temurin-11.0.21+9\n" }), "11", null],
    ["of Heroku", maven({}, { "system.properties": "java.runtime.version=21\n" }), "21", null],
    [
      "of a toolchain",
      gradle("java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }"),
      "21",
      null,
    ],
    [
      "of what Gradle compiles for",
      gradle("sourceCompatibility = JavaVersion.VERSION_11"),
      "11",
      null,
    ],
    ["not newer than Gradle runs with", gradle("", "6.9"), "8", null],
    ["not older than Gradle runs with", gradle("sourceCompatibility = '1.8'", "9.1.0"), "17", null],
  ])("%s", (_, files, version, linux) => {
    expect(chosen(files)).toEqual(both(version, linux));
  });

  test("build.builder decides, with the compiler of the same version", () => {
    expect(chosen(maven({ "java.version": "11" }), "ubuntu:22.04", "java-21")).toEqual(both("21"));
    expect(chosen(maven({}), "ubuntu:22.04", "openjdk-25")).toEqual(both("25", "debian:13"));
  });

  test("of a Linux base that nobody knows, a usual one is hoped for", () => {
    expect(chosen(maven({ "java.version": "17" }), "example.org/linux:1")).toEqual(
      both("17", "debian:12"),
    );
  });
});

const NAMES: Record<string, number | null> = {
  ...{ "21": 21, "1.8": 8, "21.0.2-tem": 21, "temurin-21.0.2+13.0.LTS": 21, v17: 17 },
  ...{ "openjdk64-11.0.1": 11, "zulu-1.8.0": 8, banana: null, "3": null },
};

test.each(Object.entries(NAMES))("%s is Java %p", (text, major) => {
  expect(majorOf(text)).toBe(major);
});
