/** Remembers the name of an app's build context, so that BuildKit uploads changes only. */
import { readFile, rm } from "node:fs/promises";
import { newContextName } from "../engine/context-name.ts";
import { writeStateFile } from "../session/state-folder.ts";
import { silentlyChangedPaths } from "./file-listing.ts";
import { type BuildInputs, type BuildRecord, buildFile } from "./record.ts";

/**
 * The name of the app's last build, whose files the builder need not be sent again; a new one
 * where that may not be. A build that fails, or that works at the same time, gives it up.
 */
export async function readContextName(
  { place, tag }: { place: string; tag: string },
  { inputs, record }: { inputs: BuildInputs | undefined; record: BuildRecord | undefined },
): Promise<string> {
  const file = buildFile(place, tag, "context");
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
export async function storeContextName(place: string, tag: string, name: string): Promise<void> {
  await writeStateFile(buildFile(place, tag, "context"), name);
}
