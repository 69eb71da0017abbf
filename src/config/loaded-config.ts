/** A loaded configuration: its values, warnings and positions. */
import type { Position } from "../lib/errors.ts";
import type { Credential } from "../session/credentials.ts";
import type { DraftedKey } from "./draft-metadata.ts";
import type { ConfigProblem } from "./problems.ts";
import type { FormattedFields } from "./rendered.ts";
import type { AppConfig } from "./schema.ts";
import type { Path } from "./source-map.ts";

export interface LoadedConfig {
  /** The app's folder, absolute. */
  root: string;
  /** What tells the app from others on this machine: its folder, or the address that it is from. */
  place: string;
  /** The configuration, absolute; null where there is none, and all is drafted. */
  file: string | null;
  text: string;
  /** What no configuration says, taken from the app's manifests or its folder's name. */
  drafted: readonly DraftedKey[];
  /** The manifests that were looked at for it. */
  manifests: readonly string[];
  /** Whether it is of a provider, built from the folder of the app that it is a part of. */
  isSubApp?: boolean;
  /** As it is stored in the image. */
  config: AppConfig;
  /** What braces and templates see. */
  rendered: Record<string, unknown>;
  /** The values of the fields in which braces are formatted. */
  fields: FormattedFields;
  /** Of the addresses in `config` and `fields`, which show asterisks in their place. */
  credentials: Credential[];
  warnings: ConfigProblem[];
  /** The place of a key, spelled with hyphens; of the nearest one above it, if it is not there. */
  locate(path: Path, part?: "key" | "value"): Position;
}
