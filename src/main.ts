/** argv -> exit status; the only place that prints an error. */
import { STDOUT, writeText } from "./output.ts";
import { VERSION } from "./shared/version.ts";

/** @returns the exit status; see EXIT_STATUS */
export async function main(argv: string[]): Promise<number> {
  // Nothing else is loaded for this one: scripts ask it all the time.
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    writeText(STDOUT, `nua-build version: ${VERSION}\n`);
    return 0;
  }
  const { EXIT_STATUS, NuaError } = await import("./shared/errors.ts");
  // What is staged and written must not depend on the caller's mask.
  process.umask(0o022);
  const interrupt = watchSignals(
    (code, name) => new NuaError(code, `Stop: ${name} was received`),
    (code) => process.exit(EXIT_STATUS[code]),
  );
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

type Interruption = "interrupted" | "terminated";

/** The first signal asks every step to clean up and stop; a second one is not waited for. */
function watchSignals(
  reason: (code: Interruption, name: string) => Error,
  quit: (code: Interruption) => void,
): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handlers = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const code = name === "SIGINT" ? "interrupted" : "terminated";
    const handler = () => {
      if (controller.signal.aborted) quit(code);
      controller.abort(reason(code, name));
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
