/** The compiled binary, driven as a user would. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import type { Client } from "./engine.ts";

export const BINARY = join(import.meta.dir, "../../dist/nua-build");

if (!existsSync(BINARY)) throw new Error("dist/nua-build is not there: run npm run compile");

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs nua-build to its end, whatever its exit status. */
export async function nuaBuild(
  argv: string[],
  options: { client?: Client; env?: Record<string, string>; cwd?: string } = {},
): Promise<Outcome> {
  const { client } = options;
  const env = {
    ...process.env,
    ...(client ? { NUA_ENGINE: client.program, ...client.env } : {}),
    ...options.env,
  };
  const run = $({ quiet: true, nothrow: true, env, cwd: options.cwd ?? process.cwd(), input: "" });
  const { exitCode, stdout, stderr } = await run`${[BINARY, ...argv]}`;
  return { status: exitCode ?? -1, stdout, stderr };
}
