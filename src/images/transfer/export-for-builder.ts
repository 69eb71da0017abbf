/** Exports base images as OCI layouts for builders that cannot read the engine's images. */
import { join } from "node:path";
import type { BuildxRequest } from "../../engine/build-args.ts";
import type { Session } from "../../session/session.ts";
import { writeOciLayout } from "../archive/write-oci-layout.ts";

/**
 * @param tags images that the Dockerfile may name
 * @param folder for the layouts; it has to stay until the build has ended
 */
export async function exportForBuilder(
  tags: readonly string[],
  folder: string,
  session: Session,
): Promise<BuildxRequest["contexts"]> {
  const engine = await session.engine();
  const contexts: { tag: string; address: string }[] = [];
  for (const [index, tag] of [...new Set(tags)].entries()) {
    const image = await engine.getImage(tag);
    const target = join(folder, `base${index}`);
    session.report.step(`Hand ${tag} to the builder`);
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
