/** Pure: the error of a program that the kernel has ended for want of memory. */
import { CommandError } from "../lib/errors.ts";

/** @returns undefined where it is another failure */
export function outOfMemory(error: CommandError): CommandError | undefined {
  // 128 + SIGKILL; of a program that another has started, that one tells.
  if (error.exitCode !== 137 && !error.tail.split("\n").some((line) => KILLED.test(line))) {
    return undefined;
  }
  const { argv, exitCode, tail, step } = error;
  return new CommandError(
    "build",
    `${error.message}: it was killed, as the kernel does when memory runs out`,
    { argv, exitCode, tail },
    {
      step,
      hint: "give the engine more memory or swap; or have the build do less at once, as its own tools let you in build.build",
      cause: error,
    },
  );
}

// --- internal ---

/** As compilers, build tools and shells have it. */
const KILLED =
  /\(signal: 9, SIGKILL|^\S*(?:gcc|g\+\+|cc|c\+\+): fatal error: Killed signal|: signal: killed$|^make.*\] Killed$|^Killed$|SIGKILL: kill$/;
