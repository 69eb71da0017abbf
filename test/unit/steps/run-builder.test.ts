import { expect, test } from "bun:test";
import { lacksLayer } from "../../../src/steps/run-builder.ts";

test.each([
  [
    'ERROR: failed to compute cache key: failed to calculate checksum of ref x: "/run/nua/layers/packages.tar": not found',
    true,
  ],
  ['failed to compute cache key: "/run/nua/layers/app.json" not found: not found', true],
  ["COPY --from=app /run/nua/layers/app.json /run/nua/layers/app.tar /", false],
  ["E: Package 'tree' not found", false],
])("%s: a layer is lacking, %p", (line, expected) => {
  expect(lacksLayer(["", line])).toBe(expected);
});
