/** What an example app should answer: its expect.json. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const expectationSchema = v.strictObject({
  tag: v.string(),
  /** Environment for the container. */
  env: v.optional(v.record(v.string(), v.string())),
  http: v.strictObject({
    port: v.number(),
    path: v.string(),
    status: v.number(),
    body: v.string(),
  }),
  /** Exit status after `docker stop`; absent where the app does not care for signals. */
  stop: v.optional(v.strictObject({ status: v.number() })),
});

export type Expectation = v.InferOutput<typeof expectationSchema>;

/** The apps below a folder, with what each should answer. */
export function readApps(folder: string): { name: string; path: string; expected: Expectation }[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(path, "expect.json"), "utf8");
      return { name, path, expected: v.parse(expectationSchema, JSON.parse(text)) };
    });
}
