import { describe, expect, test } from "bun:test";
import { parseArgs } from "citty";
import { buildCommand } from "../../../src/cli/build.ts";
import { checkCommand } from "../../../src/cli/check.ts";
import { configCommand } from "../../../src/cli/config.ts";
import { checkFlags, countVerbosity, parseWords } from "../../../src/cli/flags.ts";
import { selectCommand } from "../../../src/cli/run.ts";
import { NuaError } from "../../../src/lib/errors.ts";

test.each([
  { argv: ["-v"], count: 1 },
  { argv: ["-vvv", "x"], count: 3 },
  { argv: ["-v", "--verbose", "-tv"], count: 3 },
  { argv: ["--no-save", "vvv"], count: 0 },
])("$argv counts $count", ({ argv, count }) => {
  expect(countVerbosity(argv)).toBe(count);
});

test.each([
  { command: buildCommand, argv: [] },
  { command: buildCommand, argv: ["apps/a", "apps/b"] },
  { command: checkCommand, argv: ["apps/a"] },
  { command: configCommand, argv: ["apps/a"] },
  { command: configCommand, argv: ["apps/a", "--format", "toml"] },
])("$command.meta.name $argv is read as the parser reads it", async ({ command, argv }) => {
  const read = await parseWords([...argv], command.args);
  const parsed = parseArgs([...argv], command.args);
  const names = ["_", ...Object.keys(command.args)];
  const pick = (args: typeof read) => names.map((name) => [name, args[name]]);
  expect(pick(read)).toEqual(pick(parsed));
});

describe("flags that are not there", () => {
  test.each([
    { argv: ["--sav"], hint: "did you mean --save?" },
    { argv: ["--nope-at-all"], hint: "see nua-build --help" },
    { argv: ["-z"], hint: "see nua-build --help" },
    { argv: ["--output"], hint: "write --output VALUE" },
  ])("$argv", ({ argv, hint }) => {
    const call = () => checkFlags(argv, buildCommand);
    expect(call).toThrow(NuaError);
    try {
      call();
    } catch (error) {
      expect(error).toMatchObject({ code: "usage", hint });
    }
  });

  test.each([
    [["-vvq", "--no-save", "--no-validate", "--color", "-s", "-t", "path", "-o", "-"]],
    [["--output=x", "--linux-base", "host", "--", "--nope"]],
  ])("%p is fine", (argv) => {
    expect(() => checkFlags(argv, buildCommand)).not.toThrow();
  });
});

test.each([
  { argv: [], program: "nua-build", command: ["build", []] },
  { argv: ["plan", "x"], program: "nua-build", command: ["plan", ["x"]] },
  { argv: ["./plan"], program: "nua-build", command: ["build", ["./plan"]] },
  { argv: ["./toString"], program: "nua-build", command: ["build", ["./toString"]] },
  { argv: ["--json", "check", "x"], program: "nua-build", command: ["check", ["--json", "x"]] },
  {
    argv: ["-q", "--engine", "x", "plan"],
    program: "nua-build",
    command: ["plan", ["-q", "--engine", "x"]],
  },
  {
    argv: ["-o", "plan", "test"],
    program: "nua-build",
    command: ["build", ["-o", "plan", "test"]],
  },
  { argv: ["--engine=x", "check"], program: "nua-build", command: ["check", ["--engine=x"]] },
  {
    argv: ["--format", "toml", "config"],
    program: "nua-build",
    command: ["config", ["--format", "toml"]],
  },
  { argv: ["-q", "--", "check"], program: "nua-build", command: ["build", ["-q", "--", "check"]] },
  { argv: ["test", "check"], program: "nua-build", command: ["build", ["test", "check"]] },
  { argv: ["-f"], program: "nua-build-base-images", command: ["bases", ["build", "-f"]] },
] as const)("$program $argv -> $command", async ({ argv, program, command }) => {
  expect(await selectCommand([...argv], program)).toEqual([command[0], [...command[1]]]);
});

test.each([
  { argv: ["chekc", "app"], hint: "did you mean nua-build check?" },
  { argv: ["--json", "inspcet"], hint: "did you mean nua-build inspect?" },
  {
    argv: ["toString"],
    hint: "give the folder of an app, its nua-config, or a command: see nua-build --help",
  },
])("$argv is neither a command nor a path", async ({ argv, hint }) => {
  const call = selectCommand([...argv], "nua-build").catch((error) => error);
  expect(await call).toMatchObject({ code: "usage", hint });
});
