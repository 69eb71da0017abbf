/** Renders the Dockerfile of a base image. */
import { DOCKERFILES } from "../assets.ts";
import { type BuilderSecrets, withNetworkSettings } from "../session/network-settings.ts";
import type { BaseImage } from "./base-images.ts";

/** The same whatever builds it: what a base image is made from. */
export function baseRecipe({ dockerfile }: BaseImage): string {
  return DOCKERFILES[dockerfile]!.replaceAll(PLACEHOLDER, aptSettings);
}

/** @param way whether the builder hands out secrets */
export function baseDockerfile(
  base: BaseImage,
  { secrets }: Pick<BuilderSecrets, "secrets">,
): string {
  const text = baseRecipe(base);
  return secrets.length > 0 ? withNetworkSettings(text) : text;
}

// --- internal ---

const PLACEHOLDER = /^ *# \[network\].*$/gm;

/** As a part of a RUN instruction. */
function aptSettings(): string {
  const lines = DOCKERFILES["apt-settings.sh"]!.split("\n");
  const commands = lines.filter((line) => line !== "" && !/^\s*#/.test(line));
  return commands.map((line) => `    ${line} \\`).join("\n");
}
