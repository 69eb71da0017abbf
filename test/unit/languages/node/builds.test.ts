import { expect, test } from "bun:test";
import { buildsFolder } from "../../../../src/languages/node/app/builds.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

test.each<[Record<string, string>, boolean]>([
  [{ build: "cd client && npm install && npm run build" }, true],
  [{ postinstall: "npm --prefix ./client install" }, true],
  [{ "heroku-postbuild": "yarn --cwd=client build" }, true],
  [{ build: "run-s build:*", "build:ui": "vite build client/" }, true],
  [{ build: "npm run bundle", bundle: "npm run b2", b2: "cd client && x" }, true],
  [{ dev: "cd client && npm start", build: "tsc" }, false],
  [{ build: "build-clients" }, false],
  [{}, false],
])("%j: %p", (scripts, expected) => {
  const tree = memoryTree({ "package.json": JSON.stringify({ scripts }) });
  expect(buildsFolder(tree, "client")).toBe(expected);
});
