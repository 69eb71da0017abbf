import { describe, expect, test } from "bun:test";
import { isUnchanged, layerChanges } from "../../../src/incremental/changes.ts";
import { explainCache } from "../../../src/incremental/explain.ts";
import {
  changedPaths,
  listingLine,
  listingReader,
  silentlyChangedPaths,
} from "../../../src/incremental/file-listing.ts";
import type { BuildInputs } from "../../../src/incremental/record.ts";

const stamp = (mtimeMs: number, size = 1, digest = "d", identity = "") => ({
  ...{ size, mtimeMs, digest, identity },
  mode: 0o100644,
});

type Files = Record<string, ReturnType<typeof stamp>>;

const FILES: Files = {
  "requirements.txt": stamp(1000),
  "app.py": stamp(1000),
  "lib/": stamp(0),
};

const listing = (files: Files) =>
  Object.entries(files)
    .map(([path, facts]) => listingLine(path, facts))
    .join("");

const BEFORE: BuildInputs = {
  version: 3,
  parts: { tool: "t", plan: "p", "layer dependencies": "d", "layer app": "a" },
  files: listing(FILES),
  images: { "nua-python:1": "sha256:1" },
};

const changed: [string, Partial<BuildInputs>][] = [
  ["a file", { files: listing({ ...FILES, "app.py": stamp(1001) }) }],
  ["a file of the same time", { files: listing({ ...FILES, "app.py": stamp(1000, 2) }) }],
  [
    "a file of the same time and size",
    { files: listing({ ...FILES, "app.py": stamp(1000, 1, "e") }) },
  ],
  ["a new file", { files: listing({ ...FILES, "new.py": stamp(1000) }) }],
  ["a file less", { files: listing({ "app.py": stamp(1000) }) }],
  ["the tool", { parts: { ...BEFORE.parts, tool: "u" } }],
  ["the builder", { parts: { ...BEFORE.parts, builder: "legacy" } }],
  ["the plan", { parts: { ...BEFORE.parts, plan: "q" } }],
  ["an image below", { images: { "nua-python:1": "sha256:2" } }],
  ["an image that is gone", { images: { "nua-python:1": null } }],
];

describe("isUnchanged", () => {
  test("the same", () => {
    expect(isUnchanged(BEFORE, { ...BEFORE })).toBe(true);
  });

  test("the same content, in what may be another file", () => {
    const files = listing({ ...FILES, "app.py": stamp(1000, 1, "d", "1.2.3") });
    expect(isUnchanged(BEFORE, { ...BEFORE, files })).toBe(true);
  });

  test.each(changed)("not: %s", (_, now) => {
    expect(isUnchanged(BEFORE, { ...BEFORE, ...now })).toBe(false);
  });
});

describe("layerChanges", () => {
  const dependencies = {
    name: "dependencies",
    files: ["requirements.txt", ".yarn"],
    actions: [],
  } as const;
  const layer = { ...dependencies, files: [...dependencies.files] };
  const app = { name: "app", files: null, actions: [] } as const;

  test("a layer depends on its own files only", () => {
    const now = { ...BEFORE, files: listing({ ...FILES, "app.py": stamp(5000) }) };
    expect(layerChanges(BEFORE, now, layer)).toEqual([]);
    expect(layerChanges(BEFORE, now, app)).toEqual(["app.py"]);
  });

  test("and on those in its folders", () => {
    const now = { ...BEFORE, files: listing({ ...FILES, ".yarn/releases/yarn.cjs": stamp(1) }) };
    expect(layerChanges(BEFORE, now, layer)).toEqual([".yarn/releases/yarn.cjs"]);
  });

  test("and on the agent's input for it", () => {
    const now = { ...BEFORE, parts: { ...BEFORE.parts, "layer dependencies": "e", plan: "q" } };
    expect(layerChanges(BEFORE, now, layer)).toEqual(["layer dependencies"]);
  });
});

describe("changedPaths", () => {
  const numbers = Array.from({ length: 12 }, (_, index) => index);
  const many = Object.fromEntries(numbers.map((n) => [`d${n % 3}/f${n}`, stamp(1000 + n)]));

  /** What it should be, the slow way. */
  const differing = (left: Files, right: Files) =>
    [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
      (path) => JSON.stringify(left[path]) !== JSON.stringify(right[path]),
    );

  test.each([
    ["the first", { ...many, "d0/f0": stamp(1) }],
    ["the last", { ...many, "d2/f11": stamp(2000) }],
    ["two apart", { ...many, "d1/f1": stamp(1), "d1/f7": stamp(1) }],
    ["one in front", { "a/": stamp(0), ...many }],
    ["one behind", { ...many, z: stamp(1) }],
    ["all", Object.fromEntries(numbers.map((n) => [`e${n}`, stamp(n)]))],
    ["all gone", {}],
    ["a line that ends as the one before", { ...many, "d2/f11": stamp(1011), f11: stamp(1011) }],
    ["the same lines twice", { ...many, "x/d0/f0": stamp(1000) }],
  ] satisfies [string, Files][])("%s", (_, other) => {
    const wanted = differing(many, other).sort();
    expect(changedPaths(listing(many), listing(other)).sort()).toEqual(wanted);
    expect(changedPaths(listing(other), listing(many)).sort()).toEqual(wanted);
  });
});

describe("explainCache", () => {
  const plan = {
    layers: [
      { name: "dependencies", files: ["requirements.txt"], actions: [] },
      { name: "app", files: null, actions: [] },
    ],
    dependencies: "below",
  } as never;
  const steps = [
    { stage: "dependencies", text: "RUN x", isReused: true },
    { stage: "app", text: "RUN x", isReused: false },
  ];
  const record = { inputs: BEFORE, imageId: "sha256:9", contextName: "c", warnings: [] };

  test("names what changed", () => {
    const inputs = { ...BEFORE, files: listing({ ...FILES, "app.py": stamp(5000) }) };
    const lines = explainCache({
      plan,
      image: { steps },
      earlier: { inputs, record, image: null },
    });
    expect(lines).toEqual(["layer dependencies: reused", "layer app: made anew: app.py changed"]);
  });

  test("says when there is nothing to compare with", () => {
    const earlier = { inputs: BEFORE, record: undefined, image: null };
    const lines = explainCache({ plan, image: { steps }, earlier });
    expect(lines[1]).toBe("layer app: made; nothing is known of an earlier build");
  });
});

describe("a listing", () => {
  const odd = "a b\n1 2 3 c";

  test("may have any path in it", () => {
    const left = listing({ [odd]: stamp(1), x: stamp(-0.5), "__proto__/": stamp(1e-9) });
    expect(changedPaths(left, listing({ [odd]: stamp(2), y: stamp(-0.5) }))).toEqual([
      ...[odd, "y", "x", "__proto__/"],
    ]);
  });

  test("is read in its order, and in any other", () => {
    const text = listing({ a: stamp(1, 1, "A", "1.1.1"), [odd]: stamp(2), c: stamp(3, 4, "C") });
    const known = { stamp: "1 1 644", digest: "A", identity: "1.1.1" };
    for (const paths of [
      ["a", odd, "c"],
      ["c", "a", odd, "a"],
      ["b", odd, "a", "c"],
      ["a", "c"],
    ]) {
      const find = listingReader(text);
      const found = Object.fromEntries(paths.map((path) => [path, find(path)]));
      expect(found.a).toEqual(known);
      expect(found.c).toEqual({ stamp: "4 3 644", digest: "C", identity: "" });
      expect(found.b).toBeUndefined();
    }
    expect(listingReader("")("a")).toBeUndefined();
  });

  test("tells what a builder that compares sizes and times would not see", () => {
    const files = { a: stamp(1), b: stamp(1), c: stamp(1), d: stamp(1) };
    const now = { a: stamp(1, 1, "e"), b: stamp(2, 1, "e"), c: stamp(1, 2, "e"), e: stamp(1) };
    expect(silentlyChangedPaths(listing(files), listing(now))).toEqual(["a"]);
  });
});
