/**
 * The agent's input: one JSON file at the top of the build context. It is decided on the host, so
 * the agent never interprets the user's configuration itself.
 */

import * as v from "valibot";
import { plannedActionSchema } from "./planned-action.ts";

/** Changes whenever an agent could misread the file; the agent refuses any other number. */
export const AGENT_INPUT_VERSION = 6;

const MOST_ACTIONS = 1000;
const MOST_PLACES = 1000;

/** Name of the file, at the top of the build context. */
export const AGENT_INPUT_FILE = "nua-agent.json";

/** Name of the normalized nua-config, at the top of the build context. */
export const NORMALIZED_CONFIG_FILE = "nua-config.json";

/** The archive of the app's source, at the top of the build context; never compressed by zstd. */
export const SOURCE_ARCHIVE = "nua-source";

/** Below it, for each layer before the app's, its own input and the files that it reads. */
export const LAYERS_FOLDER = "nua-layers";

/** What a build from a bundle reads in place of the network, at the top of the build context. */
export const INPUTS_NAME = "nua-inputs";

/**
 * What an app's image is made of, each made by a run of the agent of its own:
 * - `packages`: Debian packages that stay
 * - `development`: all that manifests and lock files name, where the build needs more of it than
 *   the image: the app is built upon this, and no image has it
 * - `dependencies`: what the app needs of what they name
 * - `app`: everything else
 */
export const APP_LAYERS = ["packages", "development", "dependencies", "app"] as const;
export type AppLayer = (typeof APP_LAYERS)[number];

/**
 * Where an app's dependencies are installed: in the app's own layer, in one below it, in one
 * below it that is pruned of what only the build needs, or in none of the image, for the build
 * alone; the app is built upon all of it.
 */
export const DEPENDENCY_PLACES = ["here", "below", "pruned", "build"] as const;
export type DependencyPlace = (typeof DEPENDENCY_PLACES)[number];

/** Where the app's source comes from. */
export type SourcePlan =
  /** What was staged with the context. `dir` is relative to /nua/build; "." is all of it. */
  | { kind: "local"; dir: string }
  /** An archive that nua-build has put into the context, to unpack into `dir`. */
  | {
      kind: "archive";
      url: string;
      sha256: string | null;
      dir: string;
    };

/** An absolute path without detours. */
const place = v.pipe(
  v.string(),
  v.regex(/^\/(?!.*\/\.\.?(\/|$))[^\0]+$/, "expected an absolute path"),
);
const places = v.pipe(v.array(place), v.maxLength(MOST_PLACES));

/** What of that which a layer's commands have made goes into the image. */
export const packedSchema = v.strictObject({
  /** Only these files and folders; null: all. */
  keep: v.nullable(places),
  /** Of that, these not. */
  omit: places,
});

export type PackedPaths = v.InferOutput<typeof packedSchema>;

export const agentInputSchema = v.strictObject({
  version: v.literal(AGENT_INPUT_VERSION),
  /** What this run of the agent makes; `all` is the whole app in one. */
  layer: v.picklist([...APP_LAYERS, "all"]),
  actions: v.pipe(v.array(plannedActionSchema), v.maxLength(MOST_ACTIONS)),
  /** Of the layer, where it is packed. */
  packed: packedSchema,
});

export type AgentInput = v.InferOutput<typeof agentInputSchema>;
