import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../../../src/lib/errors.ts";
import { pipeProgram, runProgram, streamProgram } from "../../../src/lib/process.ts";

test("arguments reach the program as they are", async () => {
  const words = ["a b", "$HOME", "'q'", '"', "*", ""];
  const { stdout } = await runProgram(["printf", "%s\\n", ...words]);
  expect(stdout).toBe(`${words.join("\n")}\n`);
});

test("a status that is not 0 is an answer, not an error", async () => {
  const result = await runProgram(["sh", "-c", "echo out; echo err >&2; exit 3"]);
  expect(result).toEqual({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
});

test("lines are handed on one by one, the unfinished last one too", async () => {
  const lines: string[] = [];
  await runProgram(["printf", "one\\ntwo\\nthree"], { onLine: (line) => lines.push(line) });
  expect(lines).toEqual(["one", "two", "three"]);
});

test("an abort ends the program itself and gives its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  const run = runProgram(["sh", "-c", "echo started; sleep 60"], {
    signal: controller.signal,
    onLine: () => controller.abort(reason),
  });
  await expect(run).rejects.toBe(reason);
});

test("a stream gives all bytes and fails with the status and the last lines", async () => {
  const bytes: Uint8Array[] = [];
  const stream = streamProgram(["sh", "-c", "head -c 3000000 /dev/zero; echo bad >&2; exit 4"]);
  const read = (async () => {
    for await (const chunk of stream) bytes.push(chunk);
  })();
  const error = await read.catch((caught: unknown) => caught);
  expect(bytes.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(3_000_000);
  expect(error).toBeInstanceOf(CommandError);
  expect(error).toMatchObject({ exitCode: 4, tail: "bad" });
});

test("a reader that stops early stops the program", async () => {
  let pid = 0;
  for await (const chunk of streamProgram(["sh", "-c", "echo $$; exec yes"])) {
    pid = Number.parseInt(new TextDecoder().decode(chunk), 10);
    break;
  }
  expect(pid).toBeGreaterThan(0);
  const isRunning = () => existsSync(`/proc/${pid}`);
  for (let attempt = 0; attempt < 50 && isRunning(); attempt += 1) await Bun.sleep(100);
  expect(isRunning()).toBe(false);
});

test("a stream that is never read starts no program", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nua-stream-"));
  streamProgram(["touch", join(folder, "started")]);
  await Bun.sleep(200);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

test("neither bash nor variables of zx change what is run", async () => {
  const module = JSON.stringify(join(import.meta.dir, "../../../src/lib/process.ts"));
  const code = `const { runProgram } = await import(${module});
    console.log((await runProgram(["/bin/echo", "it's", "a\\nb"])).stdout);`;
  const child = Bun.spawnSync([process.execPath, "-e", code], {
    env: {
      HOME: "/nonexistent",
      PATH: "/nonexistent",
      ZX_PREFIX: "exit 9;",
      ZX_SHELL: "/bin/false",
    },
  });
  expect(child.stdout.toString()).toBe("it's a\nb\n\n");
});

test("what a program has started ends with it", async () => {
  const controller = new AbortController();
  let pid = 0;
  const run = runProgram(["sh", "-c", "sleep 60 & echo $!; wait"], {
    signal: controller.signal,
    onLine: (line) => {
      pid = Number(line);
      controller.abort(new Error("stop"));
    },
  });
  await expect(run).rejects.toThrow("stop");
  for (let attempt = 0; attempt < 50 && isAlive(pid); attempt += 1) await Bun.sleep(100);
  expect(isAlive(pid)).toBe(false);
});

/** Not one that has ended and that nobody has asked about. */
function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

describe("a program that is given bytes, and interrupted", () => {
  const script = "cat >/dev/null; sleep 0.2; echo whole";

  test("ends by itself when it has got them all", async () => {
    const abort = new AbortController();
    await using program = pipeProgram(["sh", "-c", script], {
      signal: abort.signal,
      patience: 9000,
    });
    program.stdin.end("all");
    abort.abort();
    expect(await program.ended).toMatchObject({ exitCode: 0, stdout: "whole\n" });
  });

  test("is ended when it has not, or has no patience", async () => {
    for (const patience of [9000, 0]) {
      const abort = new AbortController();
      await using program = pipeProgram(["sh", "-c", script], { signal: abort.signal, patience });
      if (patience === 0) program.stdin.end("all");
      else program.stdin.write("some");
      abort.abort();
      expect(await program.ended).toMatchObject({ exitCode: 1, stdout: "" });
    }
  });

  test("is ended when it does not come to an end", async () => {
    const abort = new AbortController();
    const options = { signal: abort.signal, patience: 50 };
    await using program = pipeProgram(["sh", "-c", "cat >/dev/null; sleep 60"], options);
    program.stdin.end("all");
    abort.abort();
    expect(await program.ended).toMatchObject({ exitCode: 1 });
  });
});
