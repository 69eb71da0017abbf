/** Puts what a sealed build reads into the build context. */
import { INPUTS_NAME } from "../protocol/agent-input.ts";
import type { World } from "../session/world.ts";
import type { ContextWriter } from "./context-writer.ts";
import { stageTree } from "./stage-tree.ts";

/** @param writer of the build context */
export async function stageInputs(writer: ContextWriter, world: World): Promise<void> {
  if (world.reading.from !== "bundle") return;
  await stageTree({
    writer,
    from: world.reading.inputs.folder,
    to: INPUTS_NAME,
    accept: () => true,
    signal: world.signal,
  });
}
