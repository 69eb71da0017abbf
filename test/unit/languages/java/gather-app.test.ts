/** What a build of Java's has made is gathered, by the script that does it. */
import { beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createZip, type ZipMember } from "../../../helpers/zip.ts";

const SCRIPT = join(import.meta.dirname, "../../../../src/languages/java/agent/gather_app.py");

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nua-build-test-"));
  return () => rmSync(root, { recursive: true, force: true });
});

function jar(path: string, manifest: string, more: readonly ZipMember[] = []): void {
  const text = `Manifest-Version: 1.0\r\n${manifest}\r\n`;
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, createZip([{ name: "META-INF/MANIFEST.MF", text }, ...more]));
}

function gather(...words: string[]): string[] {
  execFileSync("python3", [SCRIPT, "dist", "shop", ...words], { cwd: root });
  return readdirSync(join(root, "dist"), { recursive: true }).map(String).sort();
}

function manifestOf(path: string): string {
  const print =
    "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('META-INF/MANIFEST.MF').decode())";
  const text = execFileSync("python3", ["-c", print, join(root, path)]).toString();
  return text.replaceAll("\r", "").replaceAll("\n ", "");
}

const library = (name: string): ZipMember => ({ name: `BOOT-INF/lib/${name}.jar`, text: name });

describe("a jar of Spring Boot's", () => {
  const ORDER = ["z", "b", "m", "a"].map(library);
  test.each<[string, string | null, string]>([
    [
      "in the order of its index",
      '- "BOOT-INF/lib/a.jar"\n- "BOOT-INF/lib/m.jar"\n- "BOOT-INF/lib/z.jar"\n- "BOOT-INF/lib/b.jar"\n',
      "a m z b",
    ],
    [
      "what the index does not have, behind it as the jar has it",
      '- "BOOT-INF/lib/m.jar"\n- "BOOT-INF/lib/gone.jar"\n',
      "m z b a",
    ],
    ["as the jar has them, without an index", null, "z b m a"],
  ])("has its libraries %s", (_, index, order) => {
    const text = index ?? "";
    const members = index === null ? ORDER : [...ORDER, { name: "BOOT-INF/classpath.idx", text }];
    jar("target/shop.jar", "Start-Class: a.B\r\n", members);
    expect(gather("-", "target")).toEqual([
      ...["app.jar", "lib", ...["a", "b", "m", "z"].map((name) => `lib/${name}.jar`)],
    ]);
    const paths = order.split(" ").map((name) => `lib/${name}.jar`);
    expect(manifestOf("dist/app.jar")).toContain(`Class-Path: ${paths.join(" ")}\n`);
  });
});

describe("an app of Quarkus'", () => {
  test("of the older kind has its libraries beside it", () => {
    jar("target/shop-1.0.jar", "");
    jar(
      "target/shop-1.0-runner.jar",
      "Main-Class: q.Runner\r\nClass-Path: lib/a.jar lib/b.jar lib/gone.jar\r\n",
    );
    jar("target/lib/a.jar", "");
    jar("target/lib/b.jar", "");
    expect(gather("-", "target")).toEqual(["lib", "lib/a.jar", "lib/b.jar", "quarkus-run.jar"]);
  });

  test("in one jar is that alone", () => {
    jar("build/shop-1.0-runner.jar", "Main-Class: q.Runner\r\n");
    expect(gather("-", "build", "build/libs")).toEqual(["quarkus-run.jar"]);
  });
});

test("nothing that can be started is told with what is there", () => {
  jar("target/shop-1.0-sources.jar", "");
  expect(() => gather("-", "target")).toThrow("the build has made nothing that can be started");
});
