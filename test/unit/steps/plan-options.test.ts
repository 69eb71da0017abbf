import { expect, test } from "bun:test";
import { planOptions } from "../../../src/steps/plan-options.ts";

const SETTINGS = { app: "apps/api", requireStart: "", frozen: "" };

test("--app chooses of what is built, and not of its sub-apps", () => {
  expect(planOptions(SETTINGS, {}).app).toBe("apps/api");
  expect(planOptions(SETTINGS, { isSubApp: true }).app).toBeNull();
});
