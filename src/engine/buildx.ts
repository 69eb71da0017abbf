/** What is wanted of buildx: another builder than the engine's own, and where it keeps what. */
import { join } from "node:path";
import { writeOciLayout } from "../images/archive/write-oci-layout.ts";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import type { BuildxRequest } from "./build-args.ts";

/**
 * @param tags images that the Dockerfile may name; a builder that does not see what the engine
 *   has gets them as OCI layouts
 * @param folder for those; it has to stay until the build has ended
 * @returns undefined where the engine's own builder is used as it is
 * @throws NuaError (usage) when the client has no buildx, or there is no such builder
 */
export async function resolveBuildx(
  tags: readonly string[],
  folder: string,
  session: Session,
): Promise<BuildxRequest | undefined> {
  const { builder, cacheTo, cacheFrom } = session.settings;
  if (builder === "" && cacheTo === "" && cacheFrom === "") return undefined;
  const engine = await session.engine();
  if ((await engine.builder()).builder !== "buildx") {
    const flag = builder === "" ? "--cache-to or --cache-from" : `--builder "${builder}"`;
    throw new NuaError("usage", `Build with ${flag}: ${engine.facts.client} has no buildx`, {
      hint: "install it (Debian, Ubuntu: apt-get install docker-buildx)",
    });
  }
  const seesImages = builder === "" || (await engine.seesImages(builder));
  const contexts = seesImages ? [] : await writeLayouts(tags, folder, session);
  return { builder, contexts, cacheTo, cacheFrom };
}

// --- internal ---

async function writeLayouts(
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
