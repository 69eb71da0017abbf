/** Pure: the commands that install what composer.json names, as composer.lock has it, and build the app. */
import { NuaError } from "../../lib/errors.ts";
import { type PlannedCommand, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import { LOCK, MANIFEST, readComposerJson } from "./composer-json.ts";
import { isOfAnother, lackOf, readComposerLock } from "./composer-lock.ts";
import { type Framework, hasPackage } from "./frameworks.ts";

/** Whether the app brings its libraries, and no lock that says which they should be. */
export function bringsLibraries(tree: SourceTree): boolean {
  const manifest = readComposerJson(tree);
  return manifest !== null && !tree.has(LOCK) && tree.has(`${manifest.vendorDir}/autoload.php`);
}

/** Whether Composer has anything to do. */
export function isInstalled(tree: SourceTree): boolean {
  return readComposerJson(tree) !== null && !bringsLibraries(tree);
}

/** What the layer of dependencies is made by: no script of the app's is there yet, and no class. */
export function fetchCommands(place: BuildPlace): PlannedCommand[] {
  const words = ["--no-scripts", "--no-autoloader"];
  return [plannedRun([...INSTALL, ...words], { ...place, env: ENVIRONMENT })];
}

/** What is not there yet, the list of classes, and the app's own scripts. */
export function buildCommands(
  tree: SourceTree,
  framework: Framework | null,
  place: BuildPlace,
): PlannedCommand[] {
  const options = { ...place, env: { ...ENVIRONMENT, ...framework?.env } };
  const { before, after } = stepsOf(tree, framework);
  return [
    ...before.map((line) => plannedShell(line, options)),
    plannedRun([...INSTALL, "--optimize-autoloader"], options),
    ...after.map((line) => plannedShell(line, options)),
  ];
}

/**
 * What is told of composer.lock.
 * @throws NuaError (input) for one that Composer would refuse, or that has to fit and does not
 */
export function checkLock(tree: SourceTree, isFrozen: boolean): string[] {
  const manifest = readComposerJson(tree);
  if (manifest === null) return [];
  const lock = readComposerLock(tree);
  if (lock === null) {
    if (bringsLibraries(tree)) return [];
    const isEmpty = Object.keys(manifest.require).every((name) => !name.includes("/"));
    return isEmpty ? [] : [`there is no ${LOCK}: two builds may install different versions`];
  }
  const lack = lackOf(tree);
  if (lack !== null) throw doesNotFit(lack.reason, lack.from.what, lack.from.line);
  if (!isOfAnother(manifest, lock)) return [];
  const said = `its content-hash is that of another ${MANIFEST}`;
  if (isFrozen) throw doesNotFit(`${LOCK}: ${said}`, LOCK, 1);
  return [
    `${LOCK}: ${said}: what it has is installed; composer update --lock and a commit mend it`,
  ];
}

// --- internal ---

const INSTALL: readonly string[] = [
  ...["composer", "install", "--no-dev", "--no-interaction", "--no-progress", "--prefer-dist"],
];

/** Composer itself takes what the container has. */
const ENVIRONMENT = { COMPOSER_MEMORY_LIMIT: "-1", COMPOSER_NO_AUDIT: "1" };

interface Steps {
  /** Lines for a shell. */
  before: readonly string[];
  after: readonly string[];
}

function stepsOf(tree: SourceTree, framework: Framework | null): Steps {
  switch (framework?.name) {
    case "Laravel":
      return {
        // git keeps no empty folder, and the app's own scripts write there.
        before: [
          "mkdir -p bootstrap/cache storage/app/public storage/framework/cache/data storage/framework/sessions storage/framework/views storage/logs",
        ],
        // As `php artisan storage:link` makes it, wherever the app is.
        after: [
          "[ ! -d public ] || [ -e public/storage ] || [ -L public/storage ] || ln -s ../storage/app/public public/storage",
        ],
      };
    case "Symfony":
      return {
        // It holds what machines differ in, and goes into no image; without any the app does not start.
        before: hasPackage(tree, "symfony/dotenv") ? ["[ -e .env ] || : >.env"] : [],
        after: hasPackage(tree, "symfony/asset-mapper")
          ? ["php bin/console asset-map:compile"]
          : [],
      };
    default:
      return { before: [], after: [] };
  }
}

function doesNotFit(reason: string, file: string, line = 1): NuaError {
  return new NuaError("input", `Install from "${LOCK}": it does not fit ${MANIFEST}: ${reason}`, {
    file,
    position: { line, column: 1 },
    hint: `run composer update, or composer update --lock, and commit ${LOCK}`,
  });
}
