/** Stages the source archive, where the source is not the app's folder. */
import { lstatSync } from "node:fs";
import { NuaError } from "../lib/errors.ts";
import { SOURCE_ARCHIVE } from "../protocol/agent-input.ts";
import type { SourceArchive } from "../source/source.ts";
import type { ContextWriter } from "./context-writer.ts";

/** By a hard link. @throws NuaError (input) where the app has something of that name */
export function stageSource({ file }: SourceArchive, writer: ContextWriter): void {
  if (writer.addFile(SOURCE_ARCHIVE, file, lstatSync(file))) return;
  throw new NuaError("archive", `Stage the source: "${file}" has vanished meanwhile`);
}
