import { expect, test } from "bun:test";
import { ACTIONS } from "../../../src/agent/actions.ts";
import { type FactsOptions, factsOf, script } from "./facts.ts";

export interface ActionRow {
  action: string;
  name: string;
  files?: Record<string, string>;
  options?: FactsOptions;
  /** What is done, one line for each command; null when the action is left out. */
  expected: string[] | null;
}

/** One test for each row: what an action does about an app. */
export function testActions(rows: ActionRow[]): void {
  test.each(rows)("$action: $name", ({ action: name, files = {}, options, expected }) => {
    const action = ACTIONS.all.find((candidate) => candidate.name === name)!;
    const facts = factsOf(files, options);
    expect(action.describe(facts) === null ? null : script(action, facts)).toEqual(expected);
  });
}
