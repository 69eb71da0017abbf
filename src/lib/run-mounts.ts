/** Pure: adds `--mount` options to RUN instructions of a Dockerfile. */

/**
 * @param mount as `--mount` takes it
 * @param isUser whether a command gets it: its text, with what it goes on in on further lines
 */
export function withMount(
  dockerfile: string,
  mount: string,
  isUser: (command: string) => boolean,
): string {
  return dockerfile.replaceAll(RUN, (all, word: string, command: string) =>
    isUser(command) ? `${word}--mount=${mount} ${command}` : all,
  );
}

// --- internal ---

/** A RUN instruction, with the lines that it goes on in. */
const RUN = /^([ \t]*RUN[ \t]+)((?:.*\\\r?\n)*.*)/gim;
