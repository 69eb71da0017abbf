import { expect, test } from "bun:test";
import { BASE_IMAGES, basesFor, findBase, planBases } from "../../../src/bases/base-images.ts";
import { NuaError } from "../../../src/lib/errors.ts";

test("names are unique, and each image only needs images of the table", () => {
  const names = BASE_IMAGES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { parent, reads } of BASE_IMAGES) {
    for (const needed of [parent, ...reads]) if (needed !== null) expect(names).toContain(needed);
  }
});

test("the first base image is the only one on Linux itself", () => {
  expect(BASE_IMAGES.filter(({ parent }) => parent === null).map(({ name }) => name)).toEqual([
    "nua-python",
  ]);
});

test.each([
  { wanted: ["nua-python"], planned: ["nua-python"] },
  { wanted: ["nua-builder"], planned: ["nua-python", "nua-builder"] },
  {
    wanted: ["nua-builder-nodejs20"],
    planned: ["nua-python", "nua-builder", "nua-nodejs20", "nua-builder-nodejs20"],
  },
  {
    wanted: ["nua-nodejs20", "nua-nodejs18"],
    planned: ["nua-python", "nua-builder", "nua-nodejs20", "nua-nodejs18"],
  },
] as { wanted: string[]; planned: string[] }[])(
  "$wanted needs $planned, in this order",
  ({ wanted, planned }) => {
    expect(planBases(wanted).map(({ name }) => name)).toEqual(planned);
  },
);

test("a language has an image to build on and one that builds", () => {
  expect(basesFor({ language: "python" })).toEqual({
    runtime: "nua-python",
    builder: "nua-builder",
  });
  expect(basesFor({ language: "nodejs", version: "20" })).toEqual({
    runtime: "nua-nodejs20",
    builder: "nua-builder-nodejs20",
  });
});

test("an unknown name is an error that lists the known ones", () => {
  expect(() => findBase("nua-cobol")).toThrow(NuaError);
});
