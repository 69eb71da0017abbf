/** Pure: a Dockerfile whose build is captured, or sealed, as src/session/reading.ts has it. */

import { INPUTS_NAME } from "../protocol/agent-input.ts";
import { CAPTURE_FOLDER, CAPTURE_VARIABLE, INPUTS_FOLDER } from "../protocol/exchanges.ts";
import type { ReadingMode } from "../session/reading.ts";

/** The name of the stage that hands out what was captured. */
export const CAPTURE_STAGE = "captured";

/**
 * What a builder has kept of earlier builds would answer in place of the network, or of the
 * inputs: no cache is mounted. What is in its place is gone with the command as well, so that
 * the image is the same.
 * @param way.isReader whether a command of the Dockerfile reads: its text
 * @param way.inputsTag the image with the inputs, where they are not in the build context
 */
export function withReading(
  dockerfile: string,
  mode: ReadingMode,
  {
    canMount,
    isReader,
    inputsTag,
  }: {
    canMount: boolean;
    isReader: (command: string) => boolean;
    inputsTag?: string | undefined;
  },
): string {
  if (mode === "network") return dockerfile;
  const text = dockerfile
    .replaceAll(APT_CACHE, "--mount=type=bind,rw,from=builder,source=$1,target=$1")
    .replaceAll(OWN_CACHE, "")
    .replaceAll(OTHER_CACHE, "--mount=type=tmpfs,target=$1");
  if (mode === "captured") return text.replaceAll(FROM, `$&\nENV ${CAPTURE_VARIABLE}=1`);
  if (!canMount) return text;
  const from = inputsTag === undefined ? `source=${INPUTS_NAME}` : `from=${inputsTag}`;
  const mount = `--mount=type=bind,${from},target=${INPUTS_FOLDER}`;
  return text.replaceAll(RUN, (all, word: string, command: string) =>
    isReader(command) ? `${word}${mount} ${command}` : all,
  );
}

/**
 * A last stage with all that the commands of these stages have read.
 * @param target where in it; an image has more than that at its top
 */
export function captureInstructions(stages: readonly string[], target: string): string {
  const copies = stages.map((stage) => `COPY --from=${stage} ${CAPTURE_FOLDER}/ ${target}\n`);
  return `\nFROM scratch AS ${CAPTURE_STAGE}\n${copies.join("")}`;
}

// --- internal ---

/** What is written to the builder's folder in its place is dropped, and takes no memory. */
const APT_CACHE = /--mount=type=cache,id=nua-apt-\w+,target=([^\s,]+)\S*/g;

/** The agent does without the others of our Dockerfiles, which have each on a line of its own. */
const OWN_CACHE = /^[ \t]+--mount=type=cache,id=nua-\S+ \\\n/gm;

/** A whole word: it is not looked for at each place in one. */
const OTHER_CACHE = /(?<!\S)--mount=type=cache,(?:\S*,)?(?:target|dst|destination)=([^\s,]+)\S*/g;

const FROM = /^[ \t]*FROM[ \t].*$/gim;

/** With the lines that it goes on in. */
const RUN = /^([ \t]*RUN[ \t]+)((?:.*\\\r?\n)*.*)/gim;
