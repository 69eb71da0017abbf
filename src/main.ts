/** argv -> exit status; the only place that prints an error. */
import { STDOUT, writeText } from "./output.ts";
import { EXIT_STATUS, NuaError } from "./shared/errors.ts";
import { VERSION } from "./shared/version.ts";

/** @returns the exit status; see EXIT_STATUS */
export async function main(argv: string[]): Promise<number> {
  // Nothing else is loaded for this one: scripts ask it all the time.
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    writeText(STDOUT, `nua-build version: ${VERSION}\n`);
    return 0;
  }
  // What is staged and written must not depend on the caller's mask.
  process.umask(0o022);
  const interrupt = watchSignals();
  try {
    const { runCli } = await import("./cli/run.ts");
    await runCli(argv, interrupt.signal);
    return 0;
  } catch (error) {
    const { errorStatus, printError } = await import("./cli/print-error.ts");
    const shown = interrupt.signal.aborted ? interrupt.signal.reason : error;
    printError(shown, argv);
    return errorStatus(shown);
  } finally {
    interrupt.release();
  }
}

// --- internal ---

/** The first signal asks every step to clean up and stop; a second one is not waited for. */
function watchSignals(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handlers = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const code = name === "SIGINT" ? "interrupted" : "terminated";
    const handler = () => {
      if (controller.signal.aborted) process.exit(EXIT_STATUS[code]);
      controller.abort(new NuaError(code, `Stop: ${name} was received`));
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return {
    signal: controller.signal,
    release: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
