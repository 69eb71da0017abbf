import { describe, expect, test } from "bun:test";
import { createAgentReport, exitStatusOf, formatFailure } from "../../../src/agent/report-error.ts";
import { CommandError, NuaError } from "../../../src/lib/errors.ts";
import {
  findAgentReport,
  findAgentWarnings,
  formatAgentWarning,
} from "../../../src/protocol/agent-report.ts";

const failed = new CommandError(
  "build",
  'Run "make": it ended with status 2',
  { argv: ["bash", "-c", "make"], exitCode: 2, tail: 'a\n"}{ é' },
  { step: "build.build[1]" },
);

describe("a failed command", () => {
  const report = createAgentReport(failed, "build");
  const text = formatFailure(report);

  test("is reported whole", () => {
    expect(report).toEqual({
      step: "build",
      from: "build.build[1]",
      command: "make",
      exitCode: 2,
      tail: ["a", '"}{ é'],
      message: 'Run "make": it ended with status 2',
      hint: null,
      code: "build",
    });
    expect(exitStatusOf(report)).toBe(5);
  });

  test("is told to a person first", () => {
    expect(text).toStartWith('error: Run "make": it ended with status 2\nat: build.build[1]\n');
  });

  const builders: [string, (line: string) => string][] = [
    ["BuildKit", (line) => `#8 0.242 ${line}`],
    ["the legacy builder", (line) => `\u001b[91m${line}\u001b[0m`],
    ["a terminal", (line) => `${line}\r`],
  ];
  test.each(builders)("is found in the output of %s", (_, decorate) => {
    const output = ["Step 1", ...text.trimEnd().split("\n").map(decorate), "exit code: 5"];
    expect(findAgentReport(output)).toEqual(report);
  });
});

test("an input that is missing ends with status 4, an unknown error with status 1", () => {
  const missing = createAgentReport(new NuaError("input", "Read", { hint: "copy it" }), "start");
  const bug = createAgentReport(new TypeError("x is not a function"), "start");
  expect([missing.code, missing.hint, exitStatusOf(missing)]).toEqual(["input", "copy it", 4]);
  expect([bug.code, exitStatusOf(bug)]).toEqual(["bug", 1]);
});

test("output without a report, or with a broken one, has none", () => {
  expect(findAgentReport(["a", "b"])).toBeUndefined();
  expect(findAgentReport(["nua-agent-error: {broken"])).toBeUndefined();
  expect(findAgentReport(['nua-agent-error: {"step":1}'])).toBeUndefined();
});

test("warnings are found in order", () => {
  const one = { layer: "app", text: "one {or} another" };
  const two = { layer: "all", text: "two" };
  const output = [
    ...[`#8 1.0 ${formatAgentWarning(one)}`, "x", "nua-agent-warning: of an app's own"],
    `${formatAgentWarning(two)}\u001b[0m\r`,
  ];
  expect(findAgentWarnings(output)).toEqual([one, two]);
});
