import { expect, test } from "bun:test";
import { engineFailure } from "../../../src/engine/failures.ts";

test.each([
  { said: "The command '/bin/sh -c x' returned a non-zero code: 5", code: "build" },
  { said: "executor failed running [/bin/sh -c x]: exit code: 5", code: "build" },
  { said: 'process "/bin/sh -c x" did not complete successfully: exit code: 5', code: "build" },
  { said: "write /var/lib/docker/x: no space left on device", code: "archive" },
  { said: "Cannot connect to the Docker daemon at unix:///x", code: "engine" },
  { said: "error during connect: EOF", code: "engine" },
  { said: "Error response from daemon: dockerfile parse error line 3", code: "build" },
  { said: "something new", code: "engine" },
] as const)("$said -> $code", ({ said, code }) => {
  const argv = ["docker", "build", "."];
  const error = engineFailure(argv, { exitCode: 1, stdout: "", stderr: `first\n${said}\n` });
  expect(error).toMatchObject({ code, argv, exitCode: 1, tail: `first\n${said}` });
});
