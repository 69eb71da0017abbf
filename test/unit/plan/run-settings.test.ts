import { expect, test } from "bun:test";
import type { AppConfig } from "../../../src/config/schema.ts";
import type { AppStart } from "../../../src/plan/app-start.ts";
import { planRunSettings } from "../../../src/plan/run-settings.ts";

const CONFIG = { metadata: { id: "a" } } as AppConfig;

test.each<[number, number | null]>([
  [3000, 3000],
  [65535, 65535],
  [99999, null],
  [0, null],
])("of port %d, which a file of the app says, an image declares %p", (said, port) => {
  const start = { detected: null, site: null, port: said } as AppStart;
  expect(planRunSettings(CONFIG, { parts: [], start }).port).toBe(port);
});
