/** Pure: where the image has what is started, below the app's source. */
import type { SourceTree } from "../../../source/source-tree.ts";

/** A front end at the top of the app builds into `dist` as well, and empties it before. */
export function outputFolder(tree: SourceTree): string {
  return tree.has("dist") || tree.has("package.json") ? "dist-java" : "dist";
}
