/** The plan of each example, on file: the same on every machine. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { formatPlanJson } from "../../../src/cli/plan.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { appSource } from "../../../src/context/app-source.ts";
import { openFolder } from "../../../src/source/open-source.ts";
import { placesIn, readPlan } from "../../../src/steps/plan-build.ts";
import { readApps } from "../../helpers/expectation.ts";
import { expectGolden } from "../../helpers/golden.ts";

const EXAMPLES = join(import.meta.dir, "../../../examples");

test.each(readApps(EXAMPLES))("$name", async ({ name, path, expected }) => {
  const loaded = await loadConfig(path, { strict: true });
  const plan = readPlan(loaded, openFolder(appSource(loaded)), {
    placeOf: placesIn(loaded),
  });
  expect(plan.tag).toBe(expected.tag);
  expectGolden(`plans/${name}.json`, `${formatPlanJson(plan)}\n`);
});
