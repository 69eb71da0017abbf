/** Pure: what the actions of a build are planned from, and the places and keys that they share. */
import type { DependencyPlace } from "../protocol/agent-input.ts";
import { BUILD } from "../protocol/layout.ts";
import type { Origin } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { RequestedWork } from "./requested-work.ts";

export interface ActionsInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  /** The language whose runtime the image starts from. */
  runtime: string;
  /** The runtimes that are there while the app is built: language -> version. */
  versions: Readonly<Record<string, string>>;
  /** Where dependencies are installed. */
  place: DependencyPlace;
  /** Whether Debian packages that stay have a layer of their own. */
  hasPackagesLayer: boolean;
  /** The build script of the app's folder, where one is found; relative to it. */
  foundBuildScript: string | null;
  /** Line of a key of the nua-config, counted from 1, where it is known. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

export function itemsOf({ pipInstall: items }: RequestedWork): string[] {
  return items.map(({ item }) => item);
}

/** Relative to /nua/build; "." is all of it. */
export function sourceDir({ source }: RequestedWork): string {
  return source.dir.replace(/^\.?\/*|\/+$/g, "") || ".";
}

/** Folder of the app's source in the image. */
export function sourceFolder(work: RequestedWork): string {
  const dir = sourceDir(work);
  return dir === "." ? BUILD : `${BUILD}/${dir}`;
}

/** A key of the nua-config, such as `build.build[1]`, with its line. */
export function originOf({ lineOf }: ActionsInput, key: string): Origin {
  const path = [...key.matchAll(/[^.[\]]+/g)].map(([part]) =>
    /^\d+$/.test(part) ? Number(part) : part,
  );
  const line = lineOf(path);
  return line === undefined ? { what: key } : { what: key, line };
}
