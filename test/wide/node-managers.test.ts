/** Every version of Node's package managers that there is an app for. */
import { describe } from "bun:test";
import {
  describeManagers,
  describeWrongPins,
  MANAGERS,
  NODE_APPS,
} from "../helpers/node-managers.ts";
import { describeSealed } from "../helpers/sealed.ts";

describe("with a network", () => describeManagers(MANAGERS));

// Each build is given all of its bundle: small ones, one after the other.
const groups = MANAGERS.map((_, at) => MANAGERS.slice(at, at + 3)).filter((_, at) => at % 3 === 0);
describe.each(groups.map((names) => [names]))("without a network, %p", (names) => {
  describeSealed(names, NODE_APPS);
});

describe("a version that nobody has", () => {
  describeWrongPins([
    ["npm", { packageManager: "npm@10.99.0" }, 'npm "10.99.0"', "10.9.9"],
    ["pnpm-12", { packageManager: "pnpm@12.99.0" }, 'pnpm "12.99.0"', "12."],
    ["yarn-1", { packageManager: "yarn@1.99.0" }, 'yarn "1.99.0"', "1.22.22"],
    ["yarn-4", { packageManager: "yarn@4.99.0" }, '@yarnpkg/cli-dist "4.99.0"', "4."],
    ["bun", { packageManager: "bun@1.99.0" }, 'bun "1.99.0"', "1."],
    ["npm", { dependencies: { once: "^99.0.0" } }, 'once "^99.0.0"', "1.4.0"],
  ]);
});
