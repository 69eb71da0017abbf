/** What the plan needs is taken although a `.dockerignore`, written for another Dockerfile, leaves it out. */
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createTakeRules } from "../../../src/source/take-rules.ts";
import { walkTree } from "../../../src/source/walk-tree.ts";

const TEMP = mkdtempSync(join(tmpdir(), "nua-overruled-"));
afterAll(() => rmSync(TEMP, { recursive: true }));

const FILES = [
  ...["package.json", "package-lock.json", "src/a.js", "src/notes.md", "dist/old.js", "web/b.js"],
  ...["web/package.json", "web/c.md", "data/big.bin", "README.md"],
];

interface Row {
  name: string;
  ignore: string;
  needed: string[];
  taken: string[];
  told?: string[];
}

const NEEDED = ["package.json", "package-lock.json", "./"];

const rows: Row[] = [
  {
    name: "everything but what was built before",
    ignore: "*\n!dist\n**/*.md\n",
    needed: NEEDED,
    taken: [
      ...["data/big.bin", "dist/old.js", "package-lock.json", "package.json", "src/a.js"],
      ...["web/b.js", "web/package.json"],
    ],
    told: ["."],
  },
  {
    name: "everything but manifests: the sources come from elsewhere",
    ignore: "**\n!package*.json\n",
    needed: NEEDED,
    taken: FILES,
    told: ["."],
  },
  {
    name: "everything but what the app is made of",
    ignore: "*\n!package*.json\n!src\n",
    needed: NEEDED,
    taken: ["package-lock.json", "package.json", "src/a.js", "src/notes.md"],
  },
  ...["/web/", "web", "web/*", "web/**"].map((line) => ({
    name: `the folder of a front end, as ${line}`,
    ignore: `${line}\n**/*.md\ndata\n`,
    needed: [...NEEDED, "web/package.json", "web/"],
    taken: [
      ...["dist/old.js", "package-lock.json", "package.json", "src/a.js", "web/b.js"],
      "web/package.json",
    ],
    told: ["web"],
  })),
  {
    name: "a folder that nothing is built in",
    ignore: "web\n",
    needed: NEEDED,
    taken: FILES.filter((path) => !path.startsWith("web/")),
  },
  {
    name: "a file of a needed name",
    ignore: "package-lock.json\nweb\ndata\ndist\n*.md\n",
    needed: NEEDED,
    taken: ["package-lock.json", "package.json", "src/a.js", "src/notes.md"],
    told: ["package-lock.json"],
  },
];

test.each(rows)("$name", async ({ ignore, needed, taken, told = [] }) => {
  const root = mkdtempSync(join(TEMP, "app-"));
  for (const path of FILES) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  writeFileSync(join(root, ".dockerignore"), ignore);
  const take = createTakeRules(root, { named: [], needed });
  const found: string[] = [];
  const notes: string[] = [];
  const rules = { take, base: "" };
  await walkTree(
    {
      from: root,
      accept: (name) => name !== ".dockerignore",
      rules,
      signal: new AbortController().signal,
    },
    {
      folder: () => {},
      file: (path) => void found.push(path),
      link: () => {},
      other: () => {},
      note: (path, { kind }) => void (kind === "needed" && notes.push(path)),
    },
  );
  expect(found.sort()).toEqual([...taken].sort());
  expect(notes).toEqual(told);
});
