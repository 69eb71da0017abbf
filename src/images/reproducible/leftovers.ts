/**
 * Files of package managers that differ from build to build: logs, caches, time stamps. Some are of
 * no use in an image and go; in others it is only a time that differs.
 */

/** How the beginning of a file becomes the same at any time. */
export interface Rewrite {
  /** Length of the beginning that it looks at. */
  bytes: number;
  /** @param epoch seconds since 1970: no time is later than that */
  apply(head: Uint8Array, epoch: number): Uint8Array;
}

/** @param path as it stands in a layer: without a leading slash */
export function isLeftover(path: string): boolean {
  return LEFTOVERS.test(path);
}

export function rewriteOf(path: string): Rewrite | undefined {
  if (path.endsWith(".pyc")) return PYTHON_CACHE;
  return path === "etc/shadow" ? SHADOW : undefined;
}

// --- internal ---

const LEFTOVERS = new RegExp(
  [
    // Backups that tools make of what they change.
    "^etc/(passwd|group|shadow|gshadow|subuid|subgid)-$",
    "^var/(lib/dpkg|cache/debconf)/[^/]+-old$",
    // Caches, which are made again when they are missed.
    "^var/cache/ldconfig/aux-cache$",
    "^var/cache/apt/[^/]+\\.bin$",
    "^var/cache/apt/archives/[^/]+\\.deb$",
    "^var/cache/(fontconfig|man)/.+",
    "^var/lib/apt/lists/(?!lock$|partial$|auxfiles$).+",
    // Logs.
    "^var/log/(dpkg|alternatives|bootstrap|fontconfig)\\.log$",
    "^var/log/apt/.+",
    "(^|/)\\.npm/(_logs(/|$)|_update-notifier-last-checked$)",
    // Where BuildKit had mounted the agent: old ones leave the empty folders.
    "^run/nua(/|$)",
  ].join("|"),
);

/**
 * Python compiles a module again when its time is not the one that is noted in bytes 8 to 11 of
 * the compiled file (PEP 552; the flags in bytes 4 to 7 are zero then).
 */
const PYTHON_CACHE: Rewrite = {
  bytes: 16,
  apply(head, epoch) {
    if (head.length < 16) return head;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    if (view.getUint32(4, true) !== 0) return head;
    const copy = head.slice();
    const time = Math.min(view.getUint32(8, true), epoch);
    new DataView(copy.buffer).setUint32(8, time, true);
    return copy;
  },
};

const SECONDS_PER_DAY = 86_400;

/** The third field of a line is the day of the last change, counted from 1970 (shadow(5)). */
const SHADOW: Rewrite = {
  bytes: 1024 * 1024,
  apply(head, epoch) {
    // Zero would ask for a new password at the next login.
    const latest = Math.max(1, Math.floor(epoch / SECONDS_PER_DAY));
    const text = Buffer.from(head).toString("latin1");
    const changed = text.replace(
      /^([^:\n]*:[^:\n]*:)(\d+)/gm,
      (_, before: string, day: string) => `${before}${Math.min(Number(day), latest)}`,
    );
    return Buffer.from(changed, "latin1");
  },
};
