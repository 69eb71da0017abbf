/** Puts what a sealed build reads into the build context. */
import { INPUTS_NAME } from "../protocol/agent-input.ts";
import type { Session } from "../session/session.ts";
import type { ContextWriter } from "./context-writer.ts";
import { stageTree } from "./stage-tree.ts";

/** @param writer of the build context */
export async function stageInputs(writer: ContextWriter, session: Session): Promise<void> {
  if (session.reading.from !== "bundle") return;
  await stageTree({
    writer,
    from: session.reading.inputs.folder,
    to: INPUTS_NAME,
    accept: () => true,
    signal: session.signal,
  });
}
