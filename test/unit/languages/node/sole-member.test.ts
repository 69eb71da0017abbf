import { describe, expect, test } from "bun:test";
import { chooseMember } from "../../../../src/languages/node/members.ts";
import { readMembers } from "../../../../src/languages/node/workspaces.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const WEB = JSON.stringify({
  name: "web",
  dependencies: { next: "15" },
  scripts: { build: "next build" },
});
const LIBRARY = JSON.stringify({ name: "ui", main: "index.js" });
const ROOT = { private: true, workspaces: ["apps/*", "packages/*"] };

function chosen(root: object, files: Record<string, string>) {
  const tree = memoryTree({ "package.json": JSON.stringify(root), ...files });
  return chooseMember(tree, readMembers(tree), null).member?.folder ?? null;
}

describe("the member that is the app", () => {
  const rows: [string, object, Record<string, string>, string | null][] = [
    [
      "is the only one that is started",
      ROOT,
      { "apps/web/package.json": WEB, "packages/ui/package.json": LIBRARY },
      "apps/web",
    ],
    ["is none of two", ROOT, { "apps/web/package.json": WEB, "apps/b/package.json": WEB }, null],
    ["is none of libraries", ROOT, { "packages/ui/package.json": LIBRARY }, null],
    [
      "is none where the top is started",
      { ...ROOT, scripts: { start: "node ." } },
      { "apps/web/package.json": WEB },
      null,
    ],
    [
      "is none where the top is started for production",
      { ...ROOT, scripts: { prod: "npm run prod -w packages/server" } },
      {
        "apps/web/package.json": WEB,
        "packages/server/package.json": JSON.stringify({ scripts: { prod: "node a.js" } }),
      },
      null,
    ],
    [
      "may be a project of Nx",
      { dependencies: { next: "15" } },
      { "nx.json": "{}", "apps/web/project.json": "{}", "apps/web/app/page.tsx": "" },
      "apps/web",
    ],
  ];
  for (const [name, root, files, expected] of rows) {
    test(name, () => {
      expect(chosen(root, files)).toBe(expected);
    });
  }
});
