import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createExecutor, type Identity, TAIL_LINES } from "../../../src/agent/executor.ts";
import { CommandError } from "../../../src/lib/errors.ts";
import { type Command, run, shell, warn } from "../../../src/protocol/command.ts";

const SELF: Identity = { prefix: [], env: {} };

/** Runs commands as the user of the test. */
async function execute(
  commands: readonly Command[],
  { nua = SELF, env = { PATH: process.env.PATH } as Record<string, string | undefined> } = {},
) {
  let output = "";
  const warnings: string[] = [];
  const executor = createExecutor({
    env,
    identities: { root: SELF, nua },
    write: (text) => {
      output += text;
    },
    warn: (text) => warnings.push(text),
  });
  let error: unknown;
  try {
    for (const command of commands) await executor.execute(command);
  } catch (thrown) {
    error = thrown;
  }
  return { output, warnings, error };
}

describe("a program", () => {
  test("shows both of its streams in their order", async () => {
    const { output } = await execute([shell("echo a; echo b >&2; echo c")]);
    expect(output).toBe("a\nb\nc\n");
  });

  test("gets its words as they are", async () => {
    const { output } = await execute([run(["printf", "%s|", "a b", "$HOME", "*"])]);
    expect(output).toBe("a b|$HOME|*|");
  });

  test("gets the variables of its user and its own, and loses those that are undefined", async () => {
    const nua = { prefix: [], env: { WHO: "nua" } };
    const command = shell('echo "$WHO $OWN $(printenv GONE || echo unset)"', {
      user: "nua",
      env: { OWN: "1", GONE: undefined },
    });
    const env = { PATH: process.env.PATH, GONE: "x" };
    expect((await execute([command], { nua, env })).output).toBe("nua 1 unset\n");
  });

  test("is started through the words that change the user: the whole line", async () => {
    const nua = { prefix: ["env", "WHO=nua"], env: {} };
    const command = shell("echo $WHO; bash -c 'echo $WHO' && echo $WHO", { user: "nua" });
    expect((await execute([command], { nua })).output).toBe("nua\nnua\nnua\n");
  });

  test("that fails ends the run, with its place and last lines", async () => {
    const failing = shell("seq 100; exit 3", { from: "build.build[1]" });
    const { output, error } = await execute([failing, shell("echo never")]);
    expect(output).not.toContain("never");
    expect(error).toBeInstanceOf(CommandError);
    const { message, step, exitCode, tail } = error as CommandError;
    expect({ message, step, exitCode }).toEqual({
      message: 'Run "seq 100; exit 3": it ended with status 3',
      step: "build.build[1]",
      exitCode: 3,
    });
    expect(tail.split("\n")).toEqual(
      Array.from({ length: TAIL_LINES }, (_, index) => String(101 - TAIL_LINES + index)),
    );
  });

  test("keeps what was last written over a line of progress", async () => {
    const { error } = await execute([shell("printf '10%%\\r90%%\\r\\nüx'; false")]);
    expect((error as CommandError).tail).toBe("90%\nüx");
  });

  test("that takes too long is ended, with all that it started", async () => {
    const command = shell("sleep 60 & echo $!; wait", { timeout: 0.3 });
    const { output, error } = await execute([command]);
    expect((error as CommandError).message).toEndWith("it took more than 0.3 seconds");
    expect((error as CommandError).exitCode).toBeNull();
    expect(await hasEnded(output.trim())).toBeTrue();
  });

  test("may leave a process behind that holds its output open", async () => {
    const { output, error } = await execute([shell("sleep 30 & echo $!"), shell("echo next")]);
    const [pid, next] = output.trim().split("\n");
    process.kill(Number(pid));
    expect([next, error]).toEqual(["next", undefined]);
  });

  test("that does not exist", async () => {
    const { error } = await execute([run(["no-such-program"])]);
    expect((error as CommandError).exitCode).toBe(127);
  });

  test("in a folder that does not exist", async () => {
    const { error } = await execute([shell("true", { cwd: "/no/such" })]);
    expect((error as CommandError).message).toBe('Run "true": there is no folder /no/such');
  });

  test("ended by a signal", async () => {
    const { error } = await execute([shell("kill -9 $$")]);
    expect((error as CommandError).message).toEndWith("signal SIGKILL ended it");
  });
});

test("what a program prints decides what follows, and is not shown", async () => {
  const { output } = await execute([
    {
      kind: "derive",
      query: shell("echo one; echo two"),
      next: (stdout) =>
        stdout
          .trim()
          .split("\n")
          .map((word) => run(["echo", `<${word}>`])),
    },
  ]);
  expect(output).toBe("<one>\n<two>\n");
});

test("files get their mode whatever was there, and folders when they are missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nua-executor-"));
  try {
    const path = join(folder, "a/b.sh");
    await execute([
      { kind: "write", path, text: "old and longer", mode: 0o600 },
      { kind: "write", path, text: "new", mode: 0o755 },
    ]);
    expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["new", 0o755]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("warnings do not end the run", async () => {
  const { output, warnings } = await execute([warn("careful"), shell("echo on")]);
  expect([warnings, output]).toEqual([["careful"], "on\n"]);
});

/** Whether a process ends soon: one that nobody has waited for is still listed, as a zombie. */
async function hasEnded(pid: string): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const status = await Bun.file(`/proc/${pid}/status`)
      .text()
      .catch(() => "");
    if (status === "" || /^State:\s+Z/m.test(status)) return true;
    await Bun.sleep(20);
  }
  return false;
}
