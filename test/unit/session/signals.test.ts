import { expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { join } from "node:path";

const MODULE = JSON.stringify(join(import.meta.dir, "../../../src/session/signals.ts"));

/** Runs code that prints a line when it is ready, and sends it a signal then. */
async function interrupt(code: string, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (stdout === "") child.kill(signal);
    stdout += text;
  });
  return new Promise((resolve) =>
    child.once("close", (status, by) => resolve({ status, by, stdout })),
  );
}

const WATCHED = `const { createSignalWatch } = await import(${MODULE});
  const { EXIT_STATUS } = await import(${MODULE.replace("session/signals.ts", "lib/errors.ts")});
  using watch = createSignalWatch();
  watch.begin();
  const timer = setTimeout(() => {}, 60_000);
  const stopped = new Promise((resolve) => watch.signal.addEventListener("abort", resolve));
  console.log("ready");
  await stopped;
  clearTimeout(timer);
  console.log("cleaned");
  process.exitCode = EXIT_STATUS[watch.signal.reason.code];`;

test.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGQUIT", 131],
  ["SIGTERM", 143],
] as const)("%s lets the work clean up, and ends with %d", async (signal, status) => {
  const outcome = await interrupt(WATCHED, signal);
  expect(outcome).toEqual({ status, by: null, stdout: "ready\ncleaned\n" });
});

test("before there is anything to clean up, a busy process is ended by the system", async () => {
  const code = `const { createSignalWatch } = await import(${MODULE});
    using watch = createSignalWatch();
    console.log("ready");
    for (;;);`;
  expect(await interrupt(code, "SIGTERM")).toMatchObject({ by: "SIGTERM" });
});
