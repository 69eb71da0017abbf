/** The source request of an app's configuration. */
import type { LoadedConfig } from "../config/loaded-config.ts";
import { nameSource } from "../plan/name-source.ts";
import type { SourceRequest } from "../source/open-source.ts";
import { findSourceFolder } from "../source/source-folder.ts";

/** @throws NuaError (input) for a folder that leads out of the app's */
export function appSource({ root, config, fields }: LoadedConfig): SourceRequest {
  const manifest = config.build?.manifest ?? null;
  const chosen = manifest === null || Array.isArray(manifest) ? manifest : [manifest];
  const source = nameSource(config, fields, findSourceFolder(root, fields.srcUrl));
  return { source, root, chosen };
}
