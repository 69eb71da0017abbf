import { expect, test } from "bun:test";
import { outOfMemory } from "../../../src/agent/out-of-memory.ts";
import { CommandError } from "../../../src/lib/errors.ts";

const failure = (tail: string, exitCode = 1) =>
  new CommandError("build", 'Run "make": it ended with status 1', {
    argv: ["make"],
    exitCode,
    tail,
  });

test.each<[string, string, number]>([
  ["a program", "", 137],
  [
    "rustc",
    "error: could not compile `a`\n  process didn't exit successfully: `rustc` (signal: 9, SIGKILL: kill)",
    101,
  ],
  ["C++", "c++: fatal error: Killed signal terminated program cc1plus", 1],
  ["Go", "golang.org/x/net/http2: /usr/local/go/pkg/tool/compile: signal: killed", 1],
  ["a shell", "Killed", 1],
])("a killed program is told as such: %s", (_, tail, exitCode) => {
  const told = outOfMemory(failure(tail, exitCode));
  expect(told?.message).toEndWith("it was killed, as the kernel does when memory runs out");
  expect(told).toMatchObject({ code: "build", exitCode, tail });
});

test.each<[string, string]>([
  ["an error", "error[E0425]: cannot find value `a`"],
  ["a word of its own", "test killed_by_signal ... FAILED"],
])("others are not: %s", (_, tail) => {
  expect(outOfMemory(failure(tail))).toBeUndefined();
});
