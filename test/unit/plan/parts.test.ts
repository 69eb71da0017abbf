/** Which languages an app has, and where: and which it has not. */
import { describe, expect, test } from "bun:test";
import { findParts } from "../../../src/plan/parts.ts";
import type { RequestedWork } from "../../../src/plan/requested-work.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";
import { NO_WORK } from "../agent/facts.ts";

const APP = JSON.stringify({ scripts: { start: "node a.js", build: "vite build" } });
const BUILT = JSON.stringify({ scripts: { build: "webpack" }, devDependencies: { webpack: "5" } });
const PYTHON = {
  "requirements.txt": "flask\n",
  "app.py": "from flask import Flask\napp = Flask(__name__)\n",
};

interface Row {
  name: string;
  files: Record<string, string>;
  work?: Partial<RequestedWork>;
  /** `LANGUAGE FILE`, in the order in which they are built. */
  parts: string[];
}

const rows: Row[] = [
  { name: "nothing", files: { "README.md": "" }, parts: [] },
  {
    name: "a server and its front end in one folder",
    files: { ...PYTHON, "package.json": BUILT },
    parts: ["node package.json", "python requirements.txt"],
  },
  ...["frontend", "client", "ui", "web", "webapp"].map((dir) => ({
    name: `a front end in ${dir}`,
    files: { ...PYTHON, [`${dir}/package.json`]: APP },
    parts: [`node ${dir}/package.json`, "python requirements.txt"],
  })),
  ...["src-ui", "shop-spa", "shop_frontend", "shop-front-end"].map((dir) => ({
    name: `a front end in ${dir}`,
    files: { ...PYTHON, [`${dir}/package.json`]: APP, [`${dir}/requirements.txt`]: "flask\n" },
    parts: [`node ${dir}/package.json`, "python requirements.txt"],
  })),
  {
    name: "pages, and tools of those who write them",
    files: {
      "index.html": "",
      "package.json": JSON.stringify({
        scripts: { start: "node_modules/.bin/gulp watch" },
        dependencies: { bootstrap: "4" },
        devDependencies: { gulp: "4" },
      }),
    },
    parts: ["static index.html"],
  },
  {
    name: "pages that a server of Node's has",
    files: {
      "index.html": "",
      "package.json": JSON.stringify({ scripts: { start: "node server.js" } }),
      "server.js": "",
    },
    parts: ["node package.json"],
  },
  {
    name: "pages that are built",
    files: {
      "index.html": "",
      "package.json": JSON.stringify({ devDependencies: { vite: "7" }, scripts: { dev: "vite" } }),
    },
    parts: ["node package.json"],
  },
  {
    name: "pages beside a file that is started",
    files: { "index.html": "", "package.json": "{}", "index.js": "" },
    parts: ["node package.json"],
  },
  {
    name: "a folder with such a name beside Node",
    files: { "package.json": APP, "kit-ui/package.json": APP, "build/package.json": APP },
    parts: ["node package.json"],
  },
  {
    name: "a folder of a front end's name without a manifest",
    files: { ...PYTHON, "web/views.py": "" },
    parts: ["python requirements.txt"],
  },
  {
    name: "a site of documents",
    files: { ...PYTHON, "docs/package.json": APP, "website/package.json": APP },
    parts: ["python requirements.txt"],
  },
  {
    name: "a server in a folder, with nothing at the top",
    files: {
      "frontend/package.json": APP,
      "backend/requirements.txt": "flask\n",
      "backend/app.py": PYTHON["app.py"],
    },
    parts: ["node frontend/package.json", "python backend/requirements.txt"],
  },
  {
    name: "a file that is run and needs nothing",
    files: { "bot.py": "" },
    parts: ["python bot.py"],
  },
  {
    name: "a file of tools beside another language",
    files: { "run.py": "", "package.json": APP, "index.html": "" },
    parts: ["node package.json"],
  },
  {
    name: "the folder that build.app names",
    files: { ...PYTHON, "services/api/package.json": APP },
    work: { app: "./services/api/" },
    parts: ["node services/api/package.json"],
  },
  {
    name: "the languages that build.languages names",
    files: { ...PYTHON, "package.json": APP },
    work: { languages: ["python"] },
    parts: ["python requirements.txt"],
  },
];

describe("parts", () => {
  test.each(rows)("$name", ({ files, work = {}, parts }) => {
    expect(partsOf(files, work).map(({ language, file }) => `${language.name} ${file}`)).toEqual(
      parts,
    );
  });

  test.each<[string, Partial<RequestedWork>, string]>([
    ["an app that is not there", { app: "nope" }, 'Find app "nope": there is none'],
    ["an app outside", { app: "../x" }, 'Find app "../x": there is none'],
    ["a language without a file", { languages: ["ruby"] }, 'language "ruby": the app has no file'],
    ["a language that is none", { languages: ["pyton"] }, 'language "pyton": it is not known'],
  ])("%s", (_, work, message) => {
    expect(() => partsOf(PYTHON, work)).toThrow(message);
  });

  test("what is replaced is told", () => {
    const line = { line: "make", from: "build.build" };
    expect(partsOf(PYTHON, { build: [line] })[0]?.replacedBy).toBe("build.build");
    const all = [{ line: "...", from: "build.build[0]" }, line];
    expect(partsOf(PYTHON, { build: all })[0]?.replacedBy).toBeNull();
    const item = { item: ".", from: "build.pip-install" };
    const project = { "pyproject.toml": "[project]\nname = 'a'\n" };
    expect(partsOf(project, { pipInstall: [item] })[0]?.replacedBy).toBe("build.pip-install");
  });

  test("a broken manifest of a folder is told with the folder", () => {
    const files = { ...PYTHON, "ui/package.json": "{" };
    expect(() => partsOf(files, {})).not.toThrow("ui/ui");
  });
});

function partsOf(files: Record<string, string>, work: Partial<RequestedWork>) {
  const tree = memoryTree(files);
  return findParts({ work: { ...NO_WORK, ...work }, tree, foundBuildScript: null });
}
