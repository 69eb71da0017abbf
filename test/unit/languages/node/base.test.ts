import { expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const DOCKERFILE = readFileSync(
  join(import.meta.dirname, "../../../../src/languages/node/base.Dockerfile"),
  "utf8",
);

/** The commands that install a library, run as far as the decision whether it is needed. */
function installsLibrary(version: string): boolean[] {
  const decisions = [...DOCKERFILE.matchAll(/case \$\{node_version\} in .*esac;/g)];
  return decisions.map(([line]) => {
    const script = `node_version=${version}; ${line} echo needed`;
    return execFileSync("sh", ["-euc", script], { encoding: "utf8" }) === "needed\n";
  });
}

test.each(["14", "18.18.2", "20", "22.1", "24", "24.14.0"])(
  "Node %s needs no library",
  (version) => {
    expect(installsLibrary(version)).toEqual([false, false]);
  },
);

test.each(["25", "25.9", "26.12.1", "30", "100"])(
  "Node %s needs one, to be installed and to run",
  (version) => {
    expect(installsLibrary(version)).toEqual([true, true]);
  },
);
