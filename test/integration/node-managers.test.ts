/** One app a family of Node's package managers; all versions of them are in test/wide. */
import { describe } from "bun:test";
import { describeManagers, describeWrongPins } from "../helpers/node-managers.ts";

// Upon one Node, which other tests build upon as well.
describeManagers(["npm", "pnpm-10", "yarn-4-pnp", "bun-runtime"]);

describe("a version that nobody has", () => {
  describeWrongPins([
    ["npm", { engines: { node: "99" } }, 'nodejs "99"', "26."],
    ["pnpm-10", { packageManager: "pnpm@9.99.99" }, 'pnpm "9.99.99"', "9.15.9, 10.0.0"],
  ]);
});
