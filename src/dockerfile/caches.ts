/**
 * Pure: the cache mounts of a Dockerfile: adds those of package managers, makes all of them private
 * to one app, or removes them. BuildKit keeps what commands have written under an id, whoever has
 * built; and what package managers find in their caches they do not verify. What one app's commands
 * have left there would end in another's image.
 */

import { CACHES_FOLDER } from "../protocol/build-caches.ts";
import { BUILD_CACHES } from "../registries/registries.ts";

/** With a mount for each cache of a package manager, where our Dockerfile has their place. */
export function withPackageCaches(dockerfile: string): string {
  const lines = BUILD_CACHES.map(({ name, isShared }) => {
    const sharing = isShared ? "" : ",sharing=private";
    return `    --mount=type=cache,id=nua-${name},target=${CACHES_FOLDER}/${name}${sharing} \\\n`;
  });
  return dockerfile.replaceAll(CACHES_PLACE, () => lines.join(""));
}

/** @param key what no other app has: see cache-key.ts */
export function withOwnCaches(dockerfile: string, key: string): string {
  return dockerfile.replaceAll(MOUNT, (mount: string) => {
    if (!CACHE.test(mount)) return mount;
    if (ID.test(mount)) return mount.replace(ID, `$1$2-${key}`);
    // As BuildKit does where there is no id.
    const target = TARGET.exec(mount)?.[1] ?? "";
    return mount.replace(CACHE, `$&,id=${target}-${key}`);
  });
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

const CACHES_PLACE = /^ +# \[caches\].*\n/gm;

/** A flag, which may go on in the next line. */
const MOUNT = /--mount=(?:\\\r?\n(?=\S)|\S)+/g;

/** Fields of a line of CSV, in quotes or not. */
const CACHE = /(?<=[=,"\n])type=cache(?![^,"\\\s])/i;
const ID = /((?<=[=,"\n])id=)([^,"\\\s]+)/i;
const TARGET = /(?<=[=,"\n])(?:target|dst|destination)=([^,"\\\s]+)/i;

/** What is written to the builder's folder in its place is dropped, and takes no memory. */
const APT_CACHE = /--mount=type=cache,id=nua-apt-\w+,target=([^\s,]+)\S*/g;

/** The agent does without the others of our Dockerfiles, which have each on a line of its own. */
const OWN_CACHE = /^[ \t]+--mount=type=cache,id=nua-\S+ \\\n/gm;

/** A whole word: it is not looked for at each place in one. */
const OTHER_CACHE = /(?<!\S)--mount=type=cache,(?:\S*,)?(?:target|dst|destination)=([^\s,]+)\S*/g;
