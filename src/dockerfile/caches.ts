/**
 * Pure: a Dockerfile whose caches are one app's alone. BuildKit keeps what commands have written
 * under an id, whoever has built; and what pip, npm, yarn and apt find in their caches they do not
 * verify. What one app's commands have left there would end in another's image.
 */

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

// --- internal ---

/** A flag, which may go on in the next line. */
const MOUNT = /--mount=(?:\\\r?\n(?=\S)|\S)+/g;

/** Fields of a line of CSV, in quotes or not. */
const CACHE = /(?<=[=,"\n])type=cache(?![^,"\\\s])/i;
const ID = /((?<=[=,"\n])id=)([^,"\\\s]+)/i;
const TARGET = /(?<=[=,"\n])(?:target|dst|destination)=([^,"\\\s]+)/i;
