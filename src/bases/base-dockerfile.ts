/** The Dockerfile of a base image, as a builder gets it. */
import { DOCKERFILES } from "../assets.ts";
import { type Handover, withSurroundings } from "../session/surroundings.ts";
import type { BaseImage } from "./base-images.ts";

/** The same whatever builds it: what a base image is made from. */
export function baseRecipe({ dockerfile }: BaseImage): string {
  return DOCKERFILES[dockerfile]!.replaceAll(PLACEHOLDER, aptSurroundings);
}

/** @param way whether the builder hands out secrets */
export function baseDockerfile(base: BaseImage, { secrets }: Pick<Handover, "secrets">): string {
  const text = baseRecipe(base);
  return secrets.length > 0 ? withSurroundings(text) : text;
}

// --- internal ---

const PLACEHOLDER = /^ *# \[surroundings\].*$/gm;

/** As a part of a RUN instruction. */
function aptSurroundings(): string {
  const lines = DOCKERFILES["apt-surroundings.sh"]!.split("\n");
  const commands = lines.filter((line) => line !== "" && !/^\s*#/.test(line));
  return commands.map((line) => `    ${line} \\`).join("\n");
}
