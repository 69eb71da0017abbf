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

/** What has apt reach its archives as the settings have it, as one line of a shell script. */
export function aptSettingsLine(): string {
  return aptCommands().join(" ");
}

// --- internal ---

const PLACEHOLDER = /^ *# \[network\].*$/gm;

/** As a part of a RUN instruction. */
function aptSettings(): string {
  return aptCommands()
    .map((line) => `    ${line} \\`)
    .join("\n");
}

function aptCommands(): string[] {
  const lines = DOCKERFILES["apt-settings.sh"]!.split("\n");
  return lines.filter((line) => line !== "" && !/^\s*#/.test(line)).map((line) => line.trimEnd());
}
