/** Base images of the engine -> OCI layouts, for a builder that does not see what the engine has. */
import { join } from "node:path";
import { writeOciLayout } from "../archive/write-oci-layout.ts";
import type { World } from "../world.ts";

/** Stands in for an image that a Dockerfile names. */
export interface ImageContext {
  /** As the Dockerfile names it. */
  tag: string;
  /** `oci-layout://FOLDER@DIGEST` */
  address: string;
}

/** @param folder for the layouts; it has to stay until the build has ended */
export async function writeBaseLayouts(
  tags: readonly string[],
  folder: string,
  world: World,
): Promise<ImageContext[]> {
  const engine = await world.engine();
  const contexts: ImageContext[] = [];
  for (const [index, tag] of [...new Set(tags)].entries()) {
    const image = await engine.getImage(tag);
    const target = join(folder, `base${index}`);
    world.report.step(`Hand ${tag} to the builder`);
    const digest = await writeOciLayout({
      folder: target,
      source: engine.save(image.id),
      diffIds: image.diffIds,
      attempt: `Write image "${tag}" for the builder`,
    });
    contexts.push({ tag, address: `oci-layout://${target}@${digest}` });
  }
  return contexts;
}
