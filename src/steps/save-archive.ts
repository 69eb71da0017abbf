import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isArchiveOf } from "../archive/is-archive-of.ts";
import { type SavedArchive, writeArchive } from "../archive/write-archive.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { World } from "../world.ts";
import type { BuiltImage } from "./build-image.ts";
import { CONFIG_IN_IMAGE } from "./check-image.ts";
import type { Step } from "./step.ts";

/** Writes the image's archive, unless the one that is there holds this very image. */
export const saveArchiveStep: Step<
  { plan: BuildPlan; image: BuiltImage; isSubApp: boolean },
  SavedArchive
> = {
  name: "save-archive",
  async run({ plan, image, isSubApp }, world) {
    const target = await resolveTarget(world.settings.output, plan.archive, isSubApp);
    const expect = { tag: image.tag, diffIds: image.diffIds };
    const there = await isArchiveOf(target, { ...expect, created: image.created });
    if (there) {
      world.report.step(`Archive ${target} is of this image already`);
      return there;
    }
    return saveImage({ image, target, first: await findLeader(plan, image, world) }, world);
  },
};

/** Writes the archive of an image that the engine holds. */
async function saveImage(
  { image, target, first }: { image: BuiltImage; target: string; first: string | undefined },
  world: World,
): Promise<SavedArchive> {
  const engine = await world.engine();
  world.report.step(`Save ${target}`);
  return writeArchive({
    source: engine.save(image.id),
    target,
    expect: { tag: image.tag, diffIds: image.diffIds, first },
    signal: world.signal,
  });
}

// --- internal ---

/**
 * The orchestrator takes the first nua-config that it meets in the file. Where an image of Nua's
 * is wrapped there are two, and the one that counts is in the topmost layer.
 */
async function findLeader(
  plan: BuildPlan,
  image: BuiltImage,
  world: World,
): Promise<string | undefined> {
  if (plan.method !== "wrap") return undefined;
  const engine = await world.engine();
  const below = await engine.readFile(plan.images.base, CONFIG_IN_IMAGE);
  return below === undefined ? undefined : image.diffIds.at(-1);
}

/** A folder gets the archive under its own name; anything else is the file of the main app. */
async function resolveTarget(output: string, name: string, isSubApp: boolean): Promise<string> {
  const path = resolve(output);
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => output.endsWith("/"),
  );
  if (isFolder) return join(path, name);
  return isSubApp ? join(dirname(path), name) : path;
}
