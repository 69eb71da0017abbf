/** Pure: frameworks of PHP: what tells of them, the folder that they serve, what they want around them. */
import type { SourceTree } from "../../source/source-tree.ts";
import { readComposerJson } from "./composer-json.ts";
import { readComposerLock } from "./composer-lock.ts";

export interface Framework {
  name: string;
  /** The file that tells of it. */
  file: string;
  /** Folders that it may serve; the first with its entry does. "" is the app's own. */
  roots: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** The first that is found; null where there is none. In all of them index.php answers for what is no file. */
export function frameworkOf(tree: SourceTree): Framework | null {
  for (const { name, files, packages, roots, env = {} } of TABLE) {
    const file = files.find((one) => tree.has(one));
    const isThere = packages === undefined || packages.some((one) => hasPackage(tree, one));
    if (file === undefined || !isThere) continue;
    return { name, file, roots: typeof roots === "function" ? roots(tree) : roots, env };
  }
  return null;
}

export function isWordPress(tree: SourceTree): boolean {
  return tree.has(WORDPRESS);
}

/** Whether an app asks for a package itself, or has it locked. */
export function hasPackage(tree: SourceTree, name: string): boolean {
  const manifest = readComposerJson(tree);
  if (manifest !== null && Object.hasOwn(manifest.require, name)) return true;
  return readComposerLock(tree)?.packages.some((one) => one.name === name) === true;
}

// --- internal ---

interface Row {
  name: string;
  /** One of them is there, */
  files: readonly string[];
  /** and one of these is asked for. */
  packages?: readonly string[];
  roots: readonly string[] | ((tree: SourceTree) => string[]);
  env?: Readonly<Record<string, string>>;
}

const WORDPRESS = "wp-includes/version.php";

/** The first counts. */
const TABLE: readonly Row[] = [
  // Its own default for what it logs is a file, which fills the container.
  { name: "Laravel", files: ["artisan"], roots: ["public"], env: { LOG_CHANNEL: "stderr" } },
  {
    ...{ name: "Symfony", files: ["bin/console", "config/bundles.php"] },
    packages: ["symfony/framework-bundle"],
    roots: (tree) => [extraText(tree, "public-dir") ?? "public", "web"],
    env: { APP_ENV: "prod", APP_DEBUG: "0" },
  },
  { name: "CakePHP", files: ["bin/cake"], roots: ["webroot"] },
  {
    ...{ name: "Drupal", files: ["composer.json"] },
    packages: ["drupal/core", "drupal/core-recommended"],
    roots: (tree) => [
      ...[extraText(tree, "drupal-scaffold", "locations", "web-root") ?? "web"],
      ...["docroot", ""],
    ],
  },
  { name: "Drupal", files: ["core/lib/Drupal.php"], roots: [""] },
  { name: "WordPress", files: [WORDPRESS], roots: [""] },
  { name: "Bedrock", files: ["web/wp-config.php"], roots: ["web"] },
  {
    ...{ name: "CodeIgniter", files: ["spark"], roots: ["public"] },
    env: { CI_ENVIRONMENT: "production" },
  },
  {
    ...{ name: "CodeIgniter 3", files: ["system/core/CodeIgniter.php"], roots: ["public", ""] },
    env: { CI_ENV: "production" },
  },
  { name: "Craft", files: ["craft"], packages: ["craftcms/cms"], roots: ["web", "public"] },
  { name: "Yii", files: ["yii"], roots: ["web", "frontend/web", "public"] },
  { name: "TYPO3", files: ["composer.json"], packages: ["typo3/cms-core"], roots: ["public", ""] },
  { name: "Magento", files: ["bin/magento"], roots: ["pub"] },
];

/** A text below `extra` of composer.json. */
function extraText(tree: SourceTree, ...keys: string[]): string | undefined {
  let value: unknown = readComposerJson(tree)?.raw.extra;
  for (const key of keys) {
    const isObject = typeof value === "object" && value !== null;
    value = isObject ? (value as Record<string, unknown>)[key] : undefined;
  }
  return typeof value === "string" ? value : undefined;
}
