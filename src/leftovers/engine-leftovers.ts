/** Leftovers in an engine: containers found by name, images by tag. */
import type { Engine } from "../engine/engine.ts";
import { CONTAINER_PREFIX, runOf } from "../runs/own-names.ts";
import { isLeftOver, type Leftover } from "./leftover.ts";

/**
 * Changes nothing.
 * @throws CommandError (engine) when the engine does not answer
 */
export async function findInEngine(engine: Engine): Promise<Leftover[]> {
  const [containers, tags] = await Promise.all([
    engine.listContainers(CONTAINER_PREFIX),
    engine.listTags(),
  ]);
  return [
    ...containers
      .filter(({ name, created }) => {
        const run = runOf("container", name);
        return run !== undefined && isLeftOver(run, created);
      })
      .map(({ id }) => leftover("container", id, () => engine.removeContainer(id))),
    ...tags
      // An image may say of itself that it is as old as it likes: only the run counts.
      .filter((tag) => isLeftOver(runOf("tag", tag) ?? "", Date.now()))
      .map((tag) => leftover("image", tag, () => engine.removeTag(tag))),
  ];
}

// --- internal ---

function leftover(kind: Leftover["kind"], name: string, remove: Leftover["remove"]): Leftover {
  return { kind, name, remove };
}
