/**
 * Under which name a builder gets the files of an app. BuildKit keeps what it was sent under the
 * last part of the folder's path, and of a file that it has there with the same size and time it
 * takes its own copy. So nobody else's build may have the name, and none that its copy would be
 * wrong for.
 */
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { writeStateFile } from "../session/state-folder.ts";
import { silentlyChangedPaths } from "./file-listing.ts";
import { type BuildInputs, type BuildRecord, buildFile } from "./record.ts";

/** A name that no other build has. */
export function newContextName(): string {
  return `context-${randomBytes(16).toString("hex")}`;
}

/**
 * The name of the app's last build, whose files the builder need not be sent again; a new one
 * where that may not be. A build that fails, or that works at the same time, gives it up.
 */
export async function takeContextName(
  { root, tag }: { root: string; tag: string },
  { inputs, record }: { inputs: BuildInputs | undefined; record: BuildRecord | undefined },
): Promise<string> {
  const file = buildFile(root, tag, "context");
  const name = await readFile(file, "utf8").catch(() => undefined);
  if (name === undefined) return newContextName();
  // Of two builds at once, one finds it there.
  const isTaken = await rm(file).then(
    () => true,
    () => false,
  );
  const isOwn = isTaken && inputs !== undefined && record?.contextName === name;
  const isSeen = isOwn && silentlyChangedPaths(record.inputs.files, inputs.files).length === 0;
  return isSeen ? name : newContextName();
}

/** For the next build, after the record of this one. @throws an error of the file system */
export async function giveContextName(root: string, tag: string, name: string): Promise<void> {
  await writeStateFile(buildFile(root, tag, "context"), name);
}
