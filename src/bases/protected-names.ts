/** Tags of base images, which `load` refuses. */

import type { WantedImage } from "../images/archive/write-archive.ts";
import type { LoadRules } from "../images/transfer/load-archive.ts";
import { NuaError } from "../lib/errors.ts";
import { VERSION } from "../protocol/version.ts";
import { TEMPORARY_REPOSITORIES } from "../runs/own-names.ts";
import type { Session } from "../session/session.ts";
import { isBaseName } from "./base-images.ts";

/** Images that came with bundles are called so, with a digest: see load-images.ts. */
export const BUNDLE_REPOSITORY = "nua-bundle";

/** Of images that are no base images. */
export function appImageRules(session: Session): LoadRules {
  return { accept: (images) => refuseProtected(images, session), commandFor: loadCommandFor };
}

/** The command that loads an image of that name. */
export function loadCommandFor(tag: string): string {
  const [name = "", version = ""] = tag.split(":");
  const isBase = isBaseName(name) && (version === VERSION || version.startsWith(`${VERSION}-`));
  return isBase ? "nua-build bases load" : "nua-build load";
}

/**
 * Sees that images may be loaded: that they would take neither the name of a base image nor that
 * of the Linux image that the engine has.
 * @throws NuaError (input) for the first one that may not
 */
export async function refuseProtected(
  images: readonly WantedImage[],
  session: Session,
): Promise<void> {
  const linux = plainName(session.settings.linuxBase);
  const engine = await session.engine();
  for (const { tag, diffIds } of images) {
    const name = plainName(tag);
    const repository = name.replace(/[:@].*$/, "");
    if (isBaseName(repository)) {
      throw refusal(tag, "apps are built on images of that name", "nua-build bases load FILE");
    }
    if (OWN_REPOSITORIES.has(repository)) {
      throw refusal(tag, "nua-build itself makes images of that name", "docker load");
    }
    if (name !== linux) continue;
    const held = await engine.findImage(linux);
    if (held === undefined || held.diffIds.join() === diffIds.join()) continue;
    const hint = `docker image rm ${linux}, and load it again`;
    throw refusal(tag, "the engine has another image of that name, for base images", hint);
  }
}

// --- internal ---

/** Of images that come and go with a build, and of those that bases are made from. */
const OWN_REPOSITORIES: ReadonlySet<string> = new Set([
  ...[BUNDLE_REPOSITORY, "nua-linux"],
  ...TEMPORARY_REPOSITORIES,
]);

/** As engines shorten names: Docker Hub's, podman's, and the tag that is meant without one. */
function plainName(tag: string): string {
  const short = tag
    .replace(/^(?:(?:index\.)?docker\.io|localhost)\//, "")
    .replace(/^library\//, "");
  return /[:@][^/]*$/.test(short) ? short : `${short}:latest`;
}

function refusal(tag: string, why: string, instead: string): NuaError {
  return new NuaError("input", `Load "${tag}": ${why}`, {
    hint: `if that is meant, and its origin is known: ${instead}`,
  });
}
