import { expect, test } from "bun:test";
import { BASE_NAMES, findBase, planBases, readBaseTag } from "../../../src/bases/base-images.ts";
import { basesOf } from "../../../src/bases/bases-of.ts";
import { NuaError } from "../../../src/lib/errors.ts";

test("names are unique, and each image only needs images that there are", () => {
  expect(new Set(BASE_NAMES).size).toBe(BASE_NAMES.length);
  for (const { name, parent, reads } of BASE_NAMES.map((one) => findBase(one))) {
    for (const needed of [parent, ...reads]) if (needed !== null) findBase(needed);
    expect(name).toMatch(/^nua-/);
  }
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
  {
    wanted: ["nua-builder-nodejs22.11.0-ruby3.3"],
    planned: [
      ...["nua-python", "nua-builder", "nua-nodejs22.11.0", "nua-nodejs22.11.0-ruby3.3"],
      "nua-builder-nodejs22.11.0-ruby3.3",
    ],
  },
] as { wanted: string[]; planned: string[] }[])(
  "$wanted needs $planned, in this order",
  ({ wanted, planned }) => {
    expect(planBases(wanted).map(({ name }) => name)).toEqual(planned);
  },
);

const CHOSEN = { run: [], build: [], linuxBase: null, versions: {}, decisions: [], warnings: [] };

test.each([
  {
    run: [{ language: "python" }],
    base: "nua-python",
    buildBase: "nua-python",
    builder: "nua-builder",
  },
  {
    run: [{ language: "nodejs", version: "20" }],
    base: "nua-nodejs20",
    buildBase: "nua-nodejs20",
    builder: "nua-builder-nodejs20",
  },
  {
    run: [{ language: "python" }],
    build: [{ language: "nodejs", version: "22.11" }],
    base: "nua-python",
    buildBase: "nua-nodejs22.11",
    builder: "nua-builder-nodejs22.11",
  },
])(
  "$run and $build are run upon $base, and built upon $buildBase",
  ({ base, buildBase, builder, ...row }) => {
    const found = basesOf({ ...CHOSEN, ...row });
    const names = [found.base, found.buildBase, found.builder].map((tag) => tag?.split(":")[0]);
    expect(names).toEqual([base, buildBase, builder]);
    expect(found.needed).toContain(base);
  },
);

test("tags tell of another Linux base than the configured one", () => {
  const { base } = basesOf({ ...CHOSEN, linuxBase: "debian:13" });
  expect(base).toMatch(/^nua-python:.+-debian13$/);
  const named = { name: "nua-python", linux: "debian:13" };
  expect(readBaseTag(base, ["debian:12", "debian:13"])).toEqual(named);
  expect(readBaseTag(base, ["debian:12"])).toBeUndefined();
});

test.each([
  { name: "nua-ruby322", labels: { ruby_version: "3.2" } },
  { name: "nua-nodejs20", labels: { node_version: "20" } },
  {
    name: "nua-builder-nodejs20.11-ruby3.3.6",
    labels: { node_version: "20.11", ruby_version: "3.3.6" },
  },
])("$name is labelled $labels", ({ name, labels }) => {
  expect(findBase(name).labels).toEqual(labels);
});

test.each([
  "nua-cobol",
  "nua-nodejs",
  "nua-ruby322-nodejs20",
  "nua-nodejs20-nodejs22",
  "nua-python-nodejs22",
  "nua-nodejs1.2.3.4",
  "nua-",
  "nua-builder-",
])("%s is no base image", (name) => {
  expect(() => findBase(name)).toThrow(NuaError);
});
