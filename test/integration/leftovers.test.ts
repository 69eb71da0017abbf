/** What `prune` takes for left over in an engine, and what not, whatever it says of itself. */
import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { CONTAINER_PREFIX } from "../../src/runs/own-names.ts";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";

const client = testBuilder("buildx");
const unique = crypto.randomUUID().slice(0, 8);

/** The marks of a process that has ended. */
function endedRun(): string {
  const module = JSON.stringify(join(import.meta.dir, "../../src/runs/run.ts"));
  const code = `console.log((await import(${module})).currentRun())`;
  return spawnSync(process.execPath, ["-e", code], { encoding: "utf8" }).stdout.trim();
}

test("a container is known by its name, and never by what its image says", async () => {
  const run = endedRun();
  const folder = await mkdtemp("/var/tmp/nua-test-leftovers-");
  const env = { NUA_BUILD_DIR: folder, NUA_OUTPUT: folder, XDG_STATE_HOME: folder };
  const image = `nua-test-leftovers-${unique}:1`;
  const names = [`nua-test-leftovers-${unique}`, `${CONTAINER_PREFIX}${run}.${"0".repeat(12)}`];
  try {
    const change = ["--change", `LABEL rocks.nua.build.run=${run}`, "--change", 'CMD ["true"]'];
    await nuaBuild(["bases", "build", "nua-python"], { client });
    const source = await docker(client, "create", `nua-python:${manifest.version}`, "true");
    await docker(client, "commit", ...change, source.trim(), image);
    await docker(client, "rm", source.trim());
    const ids: string[] = [];
    for (const name of names) {
      ids.push((await docker(client, "create", "--name", name, image)).trim());
    }
    const { stdout } = await nuaBuild(["prune", "--json"], { client, env });
    const removed: { kind: string; name: string }[] = JSON.parse(stdout).removed;
    const ours = removed.filter(({ name }) => ids.includes(name));
    expect(ours).toEqual([{ kind: "container", name: ids[1]! }]);
    expect(await docker(client, "ps", "--all", "--quiet", "--no-trunc")).toContain(ids[0]!);
  } finally {
    await docker(client, "rm", "--force", ...names).catch(() => "");
    await docker(client, "image", "rm", "--force", image).catch(() => "");
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
