/** The names of a bundle's members. */

/** The members of a bundle beside its blobs. */
export const MEMBER = {
  /** The program itself, for the far side; may be missing. */
  binary: "nua-build",
  index: "nua-bundle.json",
  lock: "nua-lock.spdx.json",
  /** The last one: the SHA-256 of all bytes before it. */
  seal: "nua-bundle.sha256",
} as const;
