import { expect, test } from "bun:test";
import type { BuildInputs } from "../../../src/incremental/record.ts";
import { unchangedLayers } from "../../../src/steps/reuse-image.ts";

const INPUTS: BuildInputs = {
  version: 3,
  parts: { tool: "t", "layer packages": "p", "layer dependencies": "d", "layer app": "a" },
  files: "",
  images: {},
};
const plan = {
  layers: [
    { name: "packages", files: [] },
    { name: "dependencies", files: ["requirements.txt"] },
    { name: "app", files: null },
  ],
} as never;

const unchanged = (parts: Record<string, string>, isHeld = true) => {
  const record = { inputs: INPUTS, imageId: "sha256:1", contextName: "c", warnings: [] };
  const inputs = { ...INPUTS, parts: { ...INPUTS.parts, ...parts } };
  const before = { inputs, record, tagged: undefined, isHeld, image: null, contextName: "" };
  return [...unchangedLayers(plan, before)];
};

test("layers below the first change are the same", () => {
  expect(unchanged({})).toEqual(["packages", "dependencies", "app"]);
  expect(unchanged({ "layer dependencies": "e" })).toEqual(["packages"]);
  expect(unchanged({ tool: "u" })).toEqual([]);
});

test("none is, when the engine does not hold the image any more, or nothing is known of it", () => {
  expect(unchanged({}, false)).toEqual([]);
  const nothing = {
    ...{ inputs: undefined, record: undefined, tagged: undefined, isHeld: false, image: null },
    contextName: "",
  };
  expect([...unchangedLayers(plan, nothing)]).toEqual([]);
});
