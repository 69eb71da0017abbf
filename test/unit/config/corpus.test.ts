/** Real configurations with the form that upstream stores, where they lie beside the repository. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { formatPlanJson } from "../../../src/cli/plan.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { appSource } from "../../../src/context/app-source.ts";
import { openFolder } from "../../../src/source/open-source.ts";
import { readPlan } from "../../../src/steps/plan-build.ts";

const CORPUS = process.env.NUA_CORPUS ?? join(import.meta.dir, "../../../../shared/corpus");

/** Where we store something else, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  flask_upload_sshfs: "volume.options keep their keys",
  flask_upload_tmpfs: "volume.options keep their keys",
  new_redis_cache_test_no_plugin: "base-image of a provider is kept, in its build",
  nua_flask_sqla_postgresql_no_plugin: "base-image of a provider is kept, in its build",
};

const expectedSchema = v.object({
  tag: v.string(),
  config: v.record(v.string(), v.unknown()),
  "src-url": v.optional(v.string()),
  "git-url": v.optional(v.string()),
  "git-branch": v.optional(v.string()),
  "wrap-image": v.optional(v.string()),
  builder: v.optional(v.unknown()),
  project: v.optional(v.string()),
  "build-commands": v.optional(v.array(v.string())),
});

/** What upstream overlooks. */
const SHOWN_MORE: Readonly<Record<string, string>> = {
  // A builder as a table has effect.
  builder_as_dict: "builder",
};

const SHOWN = [
  ...["src-url", "git-url", "git-branch", "wrap-image", "builder", "project", "build-commands"],
] as const;

const folders = existsSync(CORPUS)
  ? readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith("expected.json"))
      .map((path) => join(CORPUS, path, ".."))
      .sort()
  : [];

describe.skipIf(folders.length === 0)("the corpus", () => {
  test.each(folders)("%s", async (folder) => {
    const text = readFileSync(join(folder, "expected.json"), "utf8");
    const expected = v.parse(expectedSchema, JSON.parse(text));
    const loaded = await loadConfig(folder, { strict: false });
    const plan = readPlan(loaded, openFolder(appSource(loaded)));
    expect(plan.tag).toBe(expected.tag);
    const name = folder.split("/").at(-1) ?? "";
    const equal = expect(withoutNulls(loaded.config));
    if (name in DIFFERENCES) equal.not.toEqual(withoutNulls(expected.config));
    else equal.toEqual(withoutNulls(expected.config));
    const shown = JSON.parse(formatPlanJson(plan));
    for (const key of SHOWN) {
      if (isEmpty(shown[key]) && isEmpty(expected[key])) continue;
      if (SHOWN_MORE[name] !== key) expect([key, shown[key]]).toEqual([key, expected[key]]);
    }
  });
});

// --- internal ---

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Absent and null count as the same; so do an absent and an empty table of env or port. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const isEmpty = (key === "env" || key === "port") && Object.keys(item ?? {}).length === 0;
      return item === null || item === undefined || isEmpty ? [] : [[key, withoutNulls(item)]];
    }),
  );
}
