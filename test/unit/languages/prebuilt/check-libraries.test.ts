/** What the script says that asks for a program's libraries, of programs of this machine. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const AGENT = join(import.meta.dirname, "../../../../src/languages/prebuilt/agent");

function check(program: string, env: Record<string, string> = {}) {
  const argv = ["python3", join(AGENT, "check_libraries.py"), program];
  const { exitCode, stderr } = Bun.spawnSync(argv, { env: { ...process.env, ...env } });
  return { exitCode, told: stderr.toString() };
}

test("all are there", () => {
  expect(check("/bin/true")).toEqual({ exitCode: 0, told: "" });
});

test("what is missing is named, each once", () => {
  const folder = mkdtempSync(join(tmpdir(), "nua-build-test-"));
  try {
    // In place of ldd, which finds all of what this machine has.
    const lines = [
      "\tlibfoo.so.7 => not found",
      "\tlibc.so.6 => /lib/libc.so.6 (0x1)",
      "./x: /lib/libc.so.6: version `GLIBC_2.99' not found (required by ./x)",
      "\tlibfoo.so.7 => not found",
    ];
    const text = `#!/bin/sh\ncat <<'END'\n${lines.join("\n")}\nEND\n`;
    writeFileSync(join(folder, "ldd"), text, { mode: 0o755 });
    const { exitCode, told } = check("./x", { PATH: `${folder}:${process.env.PATH}` });
    expect(exitCode).toBe(1);
    expect(told).toContain("what the image does not have: libfoo.so.7, GLIBC_2.99: run.packages");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what has none says so", () => {
  expect(check(import.meta.path)).toMatchObject({ exitCode: 1 });
});
