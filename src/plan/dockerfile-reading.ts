/** Pure: a Dockerfile whose build is captured, or sealed, as src/reading.ts has it. */
import type { ReadingMode } from "../reading.ts";
import { INPUTS_NAME } from "../shared/agent-input.ts";
import { CAPTURE_FOLDER, CAPTURE_VARIABLE, INPUTS_FOLDER } from "../shared/exchanges.ts";

/** The name of the stage that hands out what was captured. */
export const CAPTURE_STAGE = "captured";

/**
 * What a builder has kept of earlier builds would answer in place of the network, or of the
 * inputs: no cache is mounted.
 * @param isReader whether a command of the Dockerfile reads: its text
 */
export function withReading(
  dockerfile: string,
  mode: ReadingMode,
  { canMount, isReader }: { canMount: boolean; isReader: (command: string) => boolean },
): string {
  if (mode === "network") return dockerfile;
  const text = dockerfile.replaceAll(CACHE_MOUNT, "");
  if (mode === "captured") return text.replaceAll(FROM, `$&\nENV ${CAPTURE_VARIABLE}=1`);
  if (!canMount) return text;
  return text.replaceAll(RUN, (all, word: string, command: string) =>
    isReader(command) ? `${word}${INPUTS_MOUNT} ${command}` : all,
  );
}

/** A last stage with all that the commands of these stages have read. */
export function captureInstructions(stages: readonly string[]): string {
  const copies = stages.map((stage) => `COPY --from=${stage} ${CAPTURE_FOLDER}/ /\n`);
  return `\nFROM scratch AS ${CAPTURE_STAGE}\n${copies.join("")}`;
}

// --- internal ---

/** On a line of its own, as our Dockerfiles have them; those of others are theirs. */
const CACHE_MOUNT = /^[ \t]+--mount=type=cache,\S+ \\\n/gm;

const FROM = /^[ \t]*FROM[ \t].*$/gim;

/** With the lines that it goes on in. */
const RUN = /^([ \t]*RUN[ \t]+)((?:.*\\\r?\n)*.*)/gim;

const INPUTS_MOUNT = `--mount=type=bind,source=${INPUTS_NAME},target=${INPUTS_FOLDER}`;
