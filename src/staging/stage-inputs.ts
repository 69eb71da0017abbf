/** Puts what a sealed build reads into the build context. */
import { join } from "node:path";
import { INPUTS_NAME } from "../shared/agent-input.ts";
import type { World } from "../world.ts";
import { stageTree } from "./stage-tree.ts";

/** @param folder the build context */
export async function stageInputs(folder: string, world: World): Promise<void> {
  if (world.reading.from !== "bundle") return;
  await stageTree({
    from: world.reading.inputs.folder,
    to: join(folder, INPUTS_NAME),
    accept: () => true,
    signal: world.signal,
  });
}
