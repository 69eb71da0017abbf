import { expect, test } from "bun:test";
import { missingInputs } from "../../../../src/airgap/replay/missing-inputs.ts";
import type { MissingExchange } from "../../../../src/protocol/exchanges.ts";

const PACKAGES = { build: ["gcc"], run: ["tree", "jq"] };

const ask = (url: string, client: string, wantedBy: string): MissingExchange => ({
  ...{ method: "GET", url, client, wantedBy },
});

test.each([
  [
    "a list of apt's stands for the packages of the app",
    ask("http://deb.example.org/debian/dists/bookworm/InRelease", "apt", "run-packages"),
    ["deb tree", "deb jq"],
  ],
  [
    "those for the build, where they are wanted",
    ask("http://deb.example.org/debian/dists/bookworm/InRelease", "apt", "build-packages"),
    ["deb gcc"],
  ],
  [
    "a page of a Python index for its package",
    ask("https://pypi.example.org/simple/flask/", "pip", "requirements.txt"),
    ["pypi flask"],
  ],
  [
    "a document of an npm registry for its package",
    ask("https://npm.example.org/@scope%2fname", "npm", "package.json"),
    ["npm @scope/name"],
  ],
  [
    "a file is itself",
    ask("http://deb.example.org/pool/main/t/tree/tree_2.1-1_amd64.deb", "apt", "run-packages"),
    ["deb tree 2.1-1"],
  ],
] as const)("%s", (_, exchange, expected) => {
  const names = missingInputs([exchange, exchange], PACKAGES).map(({ item }) =>
    [item.kind, item.name, item.version].join(" ").trim(),
  );
  expect(names).toEqual([...expected]);
});
