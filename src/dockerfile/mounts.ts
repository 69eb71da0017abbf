/** Pure: what the commands of a Dockerfile mount. */

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

/**
 * Without caches: what a builder has kept of earlier builds would answer in place of whatever is
 * asked. What is in their place is gone with the command as well, so that the image is the same.
 */
export function withoutCaches(dockerfile: string): string {
  return dockerfile
    .replaceAll(APT_CACHE, "--mount=type=bind,rw,from=builder,source=$1,target=$1")
    .replaceAll(OWN_CACHE, "")
    .replaceAll(OTHER_CACHE, "--mount=type=tmpfs,target=$1");
}

// --- internal ---

/** With the lines that it goes on in. */
const RUN = /^([ \t]*RUN[ \t]+)((?:.*\\\r?\n)*.*)/gim;

/** What is written to the builder's folder in its place is dropped, and takes no memory. */
const APT_CACHE = /--mount=type=cache,id=nua-apt-\w+,target=([^\s,]+)\S*/g;

/** The agent does without the others of our Dockerfiles, which have each on a line of its own. */
const OWN_CACHE = /^[ \t]+--mount=type=cache,id=nua-\S+ \\\n/gm;

/** A whole word: it is not looked for at each place in one. */
const OTHER_CACHE = /(?<!\S)--mount=type=cache,(?:\S*,)?(?:target|dst|destination)=([^\s,]+)\S*/g;
