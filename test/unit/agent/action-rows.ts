import { expect, test } from "bun:test";
import { type AppOptions, script } from "./facts.ts";

export interface ActionRow {
  action: string;
  name: string;
  files?: Record<string, string>;
  options?: AppOptions;
  /** What is done, one line for each command; null when the action is left out. */
  expected: string[] | null;
}

/** One test for each row: what is planned about an app, and what the agent makes of it. */
export function testActions(rows: ActionRow[]): void {
  test.each(rows)("$action: $name", ({ action, files = {}, options, expected }) => {
    expect(script(action, files, options)).toEqual(expected);
  });
}
