/** The Dockerfile of a base image, as a builder gets it. */
import { DOCKERFILES } from "../assets.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import type { BaseImage } from "../plan/bases.ts";
import { withSurroundings } from "../surroundings.ts";

/** The same whatever builds it: what a base image is made from. */
export function baseRecipe({ dockerfile }: BaseImage): string {
  return DOCKERFILES[dockerfile]!.replaceAll(PLACEHOLDER, aptSurroundings);
}

/** @param builder which may hand out secrets */
export function baseDockerfile(base: BaseImage, builder: BuilderKind): string {
  const text = baseRecipe(base);
  return mountsFaithfully(builder) ? withSurroundings(text) : text;
}

// --- internal ---

const PLACEHOLDER = /^ *# \[surroundings\].*$/gm;

/** As a part of a RUN instruction. */
function aptSurroundings(): string {
  const lines = DOCKERFILES["apt-surroundings.sh"]!.split("\n");
  const commands = lines.filter((line) => line !== "" && !/^\s*#/.test(line));
  return commands.map((line) => `    ${line} \\`).join("\n");
}
