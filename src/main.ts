/** argv -> exit status; the only place that prints an error. */
import { VERSION } from "./protocol/version.ts";

/** @returns the exit status; see EXIT_STATUS */
export async function main(argv: string[]): Promise<number> {
  // Nothing else is loaded for this one: scripts ask it all the time.
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    // biome-ignore lint/suspicious/noConsole: what else writes takes a tenth of this call to load
    console.log(`nua-build version: ${VERSION}`);
    return 0;
  }
  // What is staged and written must not depend on the caller's mask.
  process.umask(0o022);
  const { createSignalWatch } = await import("./session/signals.ts");
  using watch = createSignalWatch();
  try {
    const { runCli } = await import("./cli/run.ts");
    return await runCli(argv, watch);
  } catch (error) {
    const { errorStatus, printError } = await import("./cli/print-error.ts");
    const shown = watch.signal.aborted ? watch.signal.reason : error;
    printError(shown, argv);
    return errorStatus(shown);
  }
}
