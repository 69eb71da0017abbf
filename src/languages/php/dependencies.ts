/** Pure: the layer of what an app in PHP depends on: which files installing reads. */
import type { SourceTree } from "../../source/source-tree.ts";
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";
import { isInstalled } from "./composer.ts";
import { LOCK, MANIFEST, readComposerJson } from "./composer-json.ts";
import { readComposerLock } from "./composer-lock.ts";

export const phpRule: DependencyRule = {
  plan({ tree, runtime, hasPackages }) {
    if (!isInstalled(tree)) return null;
    if (runtime === "none") {
      if (hasPackages) throw new Obstacle("a Debian package may bring PHP");
      return null;
    }
    const lock = readComposerLock(tree);
    if (lock === null) {
      const names = Object.keys(readComposerJson(tree)!.require);
      if (!names.some((name) => name.includes("/"))) return null;
      throw new Obstacle(`there is no ${LOCK}: Composer writes one`);
    }
    if (lock.packages.length === 0) return null;
    const reason = obstacleOf(tree);
    if (reason !== null) throw new Obstacle(reason);
    const files = [MANIFEST, LOCK, "symfony.lock", "auth.json"];
    return { files: present(files, tree), place: "below", compilesApp: false };
  },
};

// --- internal ---

/** Plugins that neither read what is not in these files nor write elsewhere. */
const HARMLESS: readonly RegExp[] = [
  /^(?:php-http\/discovery|symfony\/runtime|symfony\/flex|composer\/package-versions-deprecated)$/,
  /^(?:ocramius\/package-versions|phpstan\/extension-installer|pestphp\/pest-plugin)$/,
  /^(?:dealerdirect\/phpcodesniffer-composer-installer|bamarni\/composer-bin-plugin)$/,
  /^(?:tbachert\/spi|infection\/extension-installer|kylekatarnls\/update-helper|yiisoft\/yii2-composer)$/,
];

function obstacleOf(tree: SourceTree): string | null {
  const manifest = readComposerJson(tree)!;
  const { packages } = readComposerLock(tree)!;
  const own = packages.find(({ dist, source }) => dist === "path" || source === "path");
  if (own !== undefined) return `${LOCK} names a package of the app's own folder: ${own.name}`;
  const plugin = packages.find(
    ({ name, type }) =>
      type === "composer-plugin" && !HARMLESS.some((pattern) => pattern.test(name)),
  );
  if (plugin !== undefined) return `the plugin ${plugin.name} may read and write anything`;
  const extra = manifest.raw.extra;
  if (typeof extra === "object" && extra !== null && "patches" in extra) {
    return `${MANIFEST} names patches`;
  }
  // The app's own would come back over what Composer has made of it.
  const [top] = manifest.vendorDir.split("/");
  const brought = tree.list("").some(({ name }) => name === top);
  return brought ? `Composer writes to ${top}, which the app brings` : null;
}
