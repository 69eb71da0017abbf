/** What the actions of a build are planned from. */
import type { DependencyPlace } from "../protocol/agent-input.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { AppStart } from "./app-start.ts";
import type { BuiltWith } from "./built-with.ts";
import type { PlaceOf } from "./decision.ts";
import type { PlannedPart } from "./parts.ts";
import type { RequestedWork } from "./requested-work.ts";

export interface ActionsInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  /** What its files say, language by language. */
  parts: readonly PlannedPart[];
  /** What is started. */
  start: AppStart;
  builtWith: BuiltWith;
  /** The runtimes that are there while the app is built: language -> version. */
  versions: Readonly<Record<string, string>>;
  /** Where dependencies are installed. */
  place: DependencyPlace;
  /** Whether Debian packages that stay have a layer of their own. */
  hasPackagesLayer: boolean;
  /** The build script of the app's folder, where one is found; relative to it. */
  foundBuildScript: string | null;
  /** Whether there is a nua-config. */
  isPrepared: boolean;
  /** Where a key of the nua-config stands; undefined where that is not known. */
  placeOf: PlaceOf;
}
