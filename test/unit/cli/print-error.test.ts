import { expect, test } from "bun:test";
import { errorStatus, formatError } from "../../../src/cli/print-error.ts";
import { CommandError, NuaError } from "../../../src/lib/errors.ts";

test("an error says what, where and what to do", () => {
  const error = new NuaError("config", 'Read config "x": bad', {
    file: "x/nua-config.toml",
    position: { line: 3, column: 7 },
    hint: "mend it",
  });
  expect(formatError(error)).toBe(
    'error: Read config "x": bad\n  at: x/nua-config.toml:3:7\n  hint: mend it\n',
  );
  expect(errorStatus(error)).toBe(3);
});

test("a failed command can be pasted, with the end of its output", () => {
  const failure = { argv: ["bash", "-c", "it's"], exitCode: 2, tail: "one\ntwo" };
  const error = new CommandError("build", "Run build command: it failed", failure, {
    step: "build.build[0]",
  });
  expect(formatError(error)).toBe(
    [
      "error: Run build command: it failed",
      "  step: build.build[0]",
      "  command: bash -c 'it'\\''s'",
      "  status: 2",
      "  last lines:",
      "    one",
      "    two",
      "",
    ].join("\n"),
  );
});

test("what is no NuaError is a fault of ours, with its stack only when asked for", () => {
  const bug = new TypeError("x is undefined");
  expect(formatError(bug)).toContain("This is a fault of nua-build");
  expect(formatError(bug)).not.toContain("print-error.test");
  expect(formatError(bug, true)).toContain("print-error.test");
  expect(errorStatus(bug)).toBe(1);
});

test("passwords that an app's programs print are not shown", () => {
  const tail = "Cloning git+https://joe:secret99@host/x\nhttps://t0ken@host/y";
  const failure = { argv: ["pip", "install"], exitCode: 1, tail };
  const error = new CommandError("build", "Run it: it failed", failure);
  expect(formatError(error)).toContain(
    "    Cloning git+https://***@host/x\n    https://***@host/y",
  );
});
