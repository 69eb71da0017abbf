/** Pure: the folder of an app that is served, and how. */
import type { Origin } from "../../protocol/planned-action.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import { hasComposerJson } from "./composer-json.ts";
import { type Framework, frameworkOf } from "./frameworks.ts";
import { frontOf } from "./htaccess.ts";

export interface DocumentRoot {
  /** Relative to the app; "" is its own folder. */
  folder: string;
  /** Whether index.php answers for all that is no file. */
  hasFront: boolean;
  framework: Framework | null;
  from: Origin;
}

/** Where people put what is served; the app's own folder comes after them. */
const FOLDERS: readonly string[] = [
  ...["public", "web", "webroot", "html", "htdocs", "www", "public_html", "httpdocs", "docroot"],
  ...["pub", "src/public", "app/public", "app/webroot", "src/web"],
];

/** For messages. */
export const LOOKED_FOR: readonly string[] = ["public/index.php", "web/index.php", "index.php"];

/** Null where nothing is that could be served. */
export function documentRoot(tree: SourceTree): DocumentRoot | null {
  const framework = frameworkOf(tree);
  const hasEntry = (folder: string) => tree.has(below(folder, "index.php"));
  const own = (framework?.roots ?? []).flatMap((one) => treePath(one) ?? []);
  // Composer makes the entry of some.
  const ofFramework = own.find(hasEntry) ?? (framework?.name === "Drupal" ? own[0] : undefined);
  if (framework !== null && ofFramework !== undefined) {
    return { folder: ofFramework, hasFront: true, framework, from: { what: framework.file } };
  }
  const folder = [...FOLDERS, ""].find(hasEntry);
  if (folder === undefined) return null;
  // A folder of its own, with libraries beside it, has one entry.
  const hasFront = (folder !== "" && hasComposerJson(tree)) || frontOf(tree, folder);
  return { folder, hasFront, framework, from: { what: below(folder, "index.php") } };
}

export function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
