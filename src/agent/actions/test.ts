/** Build.test. */
import type { ConfiguredCommand } from "../../protocol/agent-input.ts";
import { shell, TEST_TIMEOUT } from "../../protocol/command.ts";
import { METADATA } from "../../protocol/layout.ts";
import type { Action, Facts } from "../action.ts";

/** Last, on the image as it will be: what only the build needed is gone. */
export const test: Action = {
  name: "test",
  describe: () => "Test the image",
  commands: (facts) =>
    testsOf(facts).map(({ line, from }) =>
      shell(line, { cwd: facts.source, timeout: TEST_TIMEOUT, from }),
    ),
};

// --- internal ---

function testsOf({ input }: Facts): ConfiguredCommand[] {
  if (input.test.length > 0) return input.test;
  return [{ line: `test -f ${METADATA}/nua-config.json`, from: "default test" }];
}
