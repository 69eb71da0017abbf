/** Finds the base images that a bundle has to hold. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { baseTag } from "../../bases/base-images.ts";
import type { PlannedApp } from "../../context/context-trees.ts";
import { dockerfileNeeds } from "../../dockerfile/images.ts";
import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";

/**
 * All that the app's Dockerfile starts from; what the engine does not have is pulled.
 * @returns their tags
 * @throws NuaError (input) for one that cannot be pulled
 */
export async function findImages(
  { loaded: { root }, plan: { method, images, dockerfile } }: PlannedApp,
  session: Session,
): Promise<string[]> {
  if (method === "wrap") return [images.base];
  const bases = images.needed.map((name) => baseTag(name, images.linuxBase));
  if (dockerfile.kind !== "package" || dockerfile.file === null) return bases;
  const text = await readFile(join(root, dockerfile.file), "utf8");
  const { images: named } = dockerfileNeeds(text, { nua_builder_tag: images.builder ?? "" });
  const engine = await session.engine();
  for (const tag of named) {
    if (await engine.findImage(tag)) continue;
    session.report.step(`Pull ${tag}`);
    const refusal = await engine.tryPull(tag, { onLine: session.report.output });
    if (refusal === undefined) continue;
    throw new NuaError("input", `Pull image "${tag}": ${refusal}`, { file: dockerfile.file });
  }
  return [...new Set([...bases, ...named])];
}
