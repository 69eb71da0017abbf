/**
 * Names of build contexts: BuildKit caches uploads by them. BuildKit keeps what it was sent under
 * the last part of the folder's path, and of a file that it has there with the same size and time
 * it takes its own copy. So nobody else's build may have the name, and none that its copy would be
 * wrong for.
 */
import { randomBytes } from "node:crypto";

/** A name that no other build has. */
export function newContextName(): string {
  return `context-${randomBytes(16).toString("hex")}`;
}
