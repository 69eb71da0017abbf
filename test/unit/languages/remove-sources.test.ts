import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { removalLine } from "../../../src/languages/remove-sources.ts";

/** What is left of a folder, run as a build runs it. */
function leftOf(paths: readonly string[], sources: Parameters<typeof removalLine>[0]): string[] {
  const folder = mkdtempSync("/var/tmp/nua-build-test-");
  try {
    for (const path of paths) {
      const file = join(folder, path);
      mkdirSync(path.endsWith("/") ? file : dirname(file), { recursive: true });
      if (!path.endsWith("/")) writeFileSync(file, "");
    }
    const { exitCode, stderr } = Bun.spawnSync(["bash", "-euc", removalLine(sources)], {
      cwd: folder,
    });
    expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
    return readdirSync(folder, { recursive: true }).map(String).sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const GO = { paths: [], names: ["*.go", "go.mod"], folders: ["testdata"] };

test("sources go, and the folders that held nothing else", () => {
  const files = ["go.mod", "cmd/app/main.go", "web/page.html", "web/web.go", "a\nb/x.go"];
  expect(leftOf([...files, "x/testdata/y.html"], GO)).toEqual(["web", "web/page.html", "x"]);
});

test("a folder that was empty before is the app's", () => {
  expect(leftOf(["main.go", "data/", "up/loads/"], GO)).toEqual(["data", "up", "up/loads"]);
});

test("what managers have installed is left alone", () => {
  const files = ["node_modules/a/b.go", "node_modules/testdata/c"];
  const left = ["node_modules", "node_modules/a", "node_modules/a/b.go", "node_modules/testdata"];
  expect(leftOf(files, GO)).toEqual([...left, "node_modules/testdata/c"]);
});

test("paths are removed, with what a shell expands", () => {
  const sources = { ...GO, paths: ["web/*.html", "vendor"] };
  expect(leftOf(["web/a.html", "web/b.css", "vendor/x"], sources)).toEqual(["web", "web/b.css"]);
  expect(leftOf(["b.css"], sources)).toEqual(["b.css"]);
});
