import { describe, expect, test } from "bun:test";
import { appPackage } from "../../../../src/languages/node/app/app-package.ts";
import { generatorLines } from "../../../../src/languages/node/generators.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const SCHEMA = { "prisma/schema.prisma": "" };
const PRISMA = { devDependencies: { prisma: "7" } };

describe("prisma generate is run", () => {
  const rows: [string, object, Record<string, string>, boolean][] = [
    ["where nothing else does", PRISMA, SCHEMA, true],
    [
      "not where the build does",
      { ...PRISMA, scripts: { build: "prisma generate && tsc" } },
      SCHEMA,
      false,
    ],
    [
      "not where a script of the build does",
      { ...PRISMA, scripts: { build: "npm run db && tsc", db: "prisma generate" } },
      SCHEMA,
      false,
    ],
    [
      "not where an installation does",
      { ...PRISMA, scripts: { postinstall: "prisma generate" } },
      SCHEMA,
      false,
    ],
    [
      "where only a script for people does",
      { ...PRISMA, scripts: { generate: "prisma generate" } },
      SCHEMA,
      true,
    ],
    ["not without a schema", PRISMA, {}, false],
    ["not without its program", { dependencies: { "@prisma/client": "6" } }, SCHEMA, false],
  ];
  for (const [name, manifest, files, expected] of rows) {
    test(name, () => {
      const tree = memoryTree({ "package.json": JSON.stringify(manifest), ...files });
      const lines = generatorLines(appPackage(tree, null)).map(({ line }) => line);
      expect(lines).toEqual(expected ? ["prisma generate"] : []);
    });
  }
});
