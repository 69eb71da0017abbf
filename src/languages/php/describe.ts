/** Pure: what an app in PHP says of itself. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import { readComposerJson } from "./composer-json.ts";

export function describePhp(tree: SourceTree): AppDescription | null {
  const manifest = readComposerJson(tree);
  if (manifest === null) return null;
  const { name, version, description, homepage, license, author } = manifest;
  const all = {
    // "vendor/name"; frameworks have people begin with their own.
    name: name === undefined || SKELETONS.test(name) ? undefined : name.split("/").at(-1),
    ...{ version, description: isOfSkeleton(name) ? undefined : description },
    ...{ homepage, license: license === "proprietary" ? undefined : license, author },
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => {
      const line = value?.replace(/\s+/g, " ").trim().slice(0, LONGEST);
      return line ? [[key, line]] : [];
    }),
  );
}

// --- internal ---

const LONGEST = 500;

const SKELETONS =
  /^(?:laravel\/laravel|symfony\/(?:website-)?skeleton|slim\/slim-skeleton|cakephp\/app|yiisoft\/yii2-app-\w+|codeigniter4\/appstarter|drupal\/(?:legacy|recommended)-project|roots\/bedrock|craftcms\/craft)$/;

function isOfSkeleton(name: string | undefined): boolean {
  return name !== undefined && SKELETONS.test(name);
}
