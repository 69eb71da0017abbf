/** What is wrong with an app of Java's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { toldOf } from "../../../helpers/told.ts";
import {
  BOOT_WEB,
  type Files,
  GRADLE_WRAPPER,
  MAIN,
  MAIN_FILE,
  modules,
  pom,
  properties,
  wrapper,
} from "./apps.ts";

/** An app without faults, and what is other about it. */
const app = (more: Files = {}): Files => ({
  "pom.xml": pom("shop", BOOT_WEB),
  [MAIN_FILE]: MAIN,
  ...more,
});
const gradle = (more: Files = {}): Files => ({
  ...{ "build.gradle": "plugins {\n  id 'application'\n}\n", [GRADLE_WRAPPER]: wrapper("8.14") },
  ...{ [MAIN_FILE]: MAIN, ...more },
});
const WRAPPER = ".mvn/wrapper/maven-wrapper.properties";
const parent = (version: string, path: string) =>
  `<parent>\n<groupId>com.example</groupId><artifactId>up</artifactId><version>${version}</version>\n${path}\n</parent>${BOOT_WEB}`;

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
  expect(toldOf(gradle())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "a pom.xml that is no XML",
      app({ "pom.xml": "<project>\n<a>\n" }),
      'pom.xml:2: Read "pom.xml": not valid XML: Missing end tag',
    ],
    [
      "one of something else",
      app({ "pom.xml": "<html></html>" }),
      'pom.xml:1: Read "pom.xml": expected <project>, got <html>',
    ],
    [
      "one with marks of a conflict",
      app({ "pom.xml": "<project>\n<<<<<<< HEAD\n" }),
      'pom.xml:2: Read "pom.xml": git has left',
    ],
    [
      "one whose entities would grow without end",
      app({
        "pom.xml": `<!DOCTYPE a [<!ENTITY b "${"x".repeat(100)}">]><project>${"<a>".repeat(300)}`,
      }),
      'pom.xml:1: Read "pom.xml": not valid XML:',
    ],
    [
      "one that is nested without end",
      app({ "pom.xml": `<project>${"<a>".repeat(60_000)}${"</a>".repeat(60_000)}</project>` }),
      'pom.xml:undefined: Read "pom.xml": not valid XML: ',
    ],
    [
      "a module that is not there",
      { "pom.xml": pom("all", modules("web")) },
      'pom.xml:7: Read "pom.xml": the module "web" has no pom.xml',
    ],
    [
      "a module outside",
      { "pom.xml": pom("all", modules("../web")) },
      'pom.xml:7: Read "pom.xml": the module "../web" is outside of the app\'s folder',
    ],
    [
      "a parent that only the folder above can have",
      app({
        "pom.xml": pom(
          "shop",
          parent("1.0-SNAPSHOT", "<relativePath>../../pom.xml</relativePath>"),
        ),
      }),
      'pom.xml:7: Read "pom.xml": its parent up is not in the app\'s folder',
    ],
    [
      "a Java that nobody has",
      app({ "pom.xml": pom("shop", properties({ "maven.compiler.release": "99" }) + BOOT_WEB) }),
      'pom.xml:6: pom.xml:6 asks for java ">=99", which cannot be had',
    ],
    ["a pin that is no version", app({ ".java-version": "banana\n" }), ".java-version:1: "],
    [
      "a wrapper without an address",
      app({ [WRAPPER]: "x=y\n" }),
      `${WRAPPER}:1: Read "${WRAPPER}": there is no distributionUrl`,
    ],
    [
      "a wrapper of a file",
      app({ [WRAPPER]: "\ndistributionUrl=file:///tmp/apache-maven-3.9.9-bin.zip\n" }),
      `${WRAPPER}:2: Read "${WRAPPER}": "file:///tmp/`,
    ],
    [
      "a wrapper of something else",
      gradle({ [GRADLE_WRAPPER]: "distributionUrl=https://example.org/x.zip\n" }),
      `${GRADLE_WRAPPER}:1: Read "${GRADLE_WRAPPER}": "https://example.org/x.zip" is no address of Gradle`,
    ],
    [
      "a checksum that is none",
      gradle({ [GRADLE_WRAPPER]: wrapper("8.14", "distributionSha256Sum=abc\n") }),
      `${GRADLE_WRAPPER}:2: Read "${GRADLE_WRAPPER}": distributionSha256Sum is no SHA-256`,
    ],
    [
      "a project that is not there",
      gradle({ "settings.gradle": 'rootProject.name = "a"\ninclude "web"\n' }),
      'settings.gradle:2: Read "settings.gradle": the project "web" has no folder',
    ],
    [
      "a catalog that is no TOML",
      gradle({ "gradle/libs.versions.toml": "[plugins\n" }),
      'gradle/libs.versions.toml:1: Read "gradle/libs.versions.toml": not valid TOML',
    ],
    [
      "a Gradle that no Java here runs",
      gradle({ [GRADLE_WRAPPER]: wrapper("4.10") }),
      "gradle/wrapper/gradle-wrapper.properties:1: ",
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("a version has those of Linux bases as its hint", () => {
    expect(toldOf(app({ ".java-version": "14\n" })).hint).toContain(
      "17 (debian:12), 21, 25 (debian:13)",
    );
  });

  test.each<[string, Files, string]>([
    ["nothing that can be started", { "pom.xml": pom("lib") }, "makes nothing that can be started"],
    [
      "a war that needs a server",
      { "pom.xml": pom("shop", "<packaging>war</packaging>"), [MAIN_FILE]: MAIN },
      "it makes a war, which a server such as Tomcat runs",
    ],
  ])("%s", (_, files, told) => {
    expect(() => toldOf(files)).toThrow(told);
    expect(() => toldOf(files)).toThrow(expect.objectContaining({ code: "config" }));
  });
});

describe("has a sensible reading, which is told:", () => {
  test.each<[string, Files, string]>([
    [
      "no wrapper of Gradle's",
      gradle({ [GRADLE_WRAPPER]: undefined as never }),
      "there is no gradle/wrapper/gradle-wrapper.properties: Gradle 8.14.3 is taken",
    ],
    [
      "a pin that is older than the sources",
      app({
        ".java-version": "11\n",
        "pom.xml": pom("shop", properties({ "java.version": "17" }) + BOOT_WEB),
      }),
      '.java-version:1 asks for java "11", and pom.xml:6, which counts, for ">=17"',
    ],
    [
      "a parent elsewhere, which a registry may have",
      app({ "pom.xml": pom("shop", parent("1.0", "<relativePath>../up</relativePath>")) }),
      "the parent up is not at ../up: Maven asks its repositories for it",
    ],
    [
      "plain HTTP without a checksum",
      app({ [WRAPPER]: "distributionUrl=http://example.org/apache-maven-3.9.9-bin.zip\n" }),
      "Maven comes by plain HTTP",
    ],
    [
      "a plugin that fetches programs of its own",
      app({
        "pom.xml": pom(
          "shop",
          BOOT_WEB.replace(
            "<plugins>",
            "<plugins><plugin><groupId>com.github.eirslett</groupId><artifactId>frontend-maven-plugin</artifactId></plugin>",
          ),
        ),
      }),
      "frontend-maven-plugin fetches Node.js itself",
    ],
  ])("%s", (_, files, told) => {
    const there = Object.fromEntries(
      Object.entries(files).filter(([, text]) => text !== undefined),
    );
    const all = toldOf(there);
    expect(all.error).toBeUndefined();
    expect(all.warnings.join("\n")).toContain(told);
  });
});
