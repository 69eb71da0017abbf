/** What the documents name is there: files, folders and scripts. */
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../../package.json" with { type: "json" };

const ROOT = join(import.meta.dir, "../../..");
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "AGENTS.md",
  "SECURITY.md",
  "docs/airgap.md",
  "docs/starting.md",
];

describe.each(DOCUMENTS)("%s", (document) => {
  // What a configuration in it runs is the app's.
  const text = readFileSync(join(ROOT, document), "utf8").replace(
    /```(?:toml|console).*?```/gs,
    "",
  );

  test("names files and folders that are there", () => {
    const named = [...text.matchAll(/(?<![\w/.-])(?:src|test|scripts|examples)\/[\w./-]*\w/g)]
      .map(([path]) => path)
      // A name that the reader fills in.
      .filter((path) => !path.includes("NAME"));
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("names scripts of package.json", () => {
    const named = [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  test("links to files that are there", () => {
    const folder = join(ROOT, document, "..");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });
});
