/** The input of the plan: the configuration, and facts about the app's folder. */
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig } from "../config/schema.ts";
import type { ChosenRuntimes } from "../languages/runtime.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { PlaceOf } from "./decision.ts";

/** What the plan has to know about the app's folder. */
export interface FolderFacts {
  /** The config file, relative to the folder; null where there is none. */
  configFile: string | null;
  /** Dockerfiles that may be meant: path relative to the folder -> text. */
  dockerfiles: Record<string, string>;
  /** The folder below the app's that build.src-url names; null when it names something else. */
  sourceFolder: string | null;
  /** The source's files; undefined where they are not at hand. */
  tree: SourceTree | undefined;
  /** The commit of the source, where it is a git repository; else null. */
  commit: string | null;
  /** The build script where one is looked for, relative to the folder; else null. */
  buildScript: string | null;
  /** The start script where one is looked for, relative to the folder; else null. */
  startScript: string | null;
}

/** What the caller decides of a plan. */
export interface PlanOptions {
  /** The member of a workspace, or the folder, that is the app; null: as build.app says. */
  app: string | null;
  /** Whether an app without a start command is an error. */
  requiresStart: boolean;
  /** Whether a lock that does not fit its manifest is one. */
  isFrozen: boolean;
}

export interface PlanInput {
  config: AppConfig;
  rendered: Record<string, unknown>;
  fields: FormattedFields;
  facts: FolderFacts;
  /** What it is built and run with. */
  runtimes: ChosenRuntimes;
  options: PlanOptions;
  /** What of the configuration was taken from the app's folder: the file, by the key. */
  drafted: ReadonlyMap<string, string>;
  /** Where a key of the nua-config stands; undefined where that is not known. */
  placeOf: PlaceOf;
}
