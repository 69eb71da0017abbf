/** PHP: apps with a composer.json, or with an index.php that a web server answers by. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import type { Language, LanguageDecision } from "../language.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { buildCommands, checkLock, fetchCommands, isInstalled } from "./composer.ts";
import { MANIFEST, readComposerJson } from "./composer-json.ts";
import { phpRule } from "./dependencies.ts";
import { describePhp } from "./describe.ts";
import { documentRoot } from "./document-root.ts";
import { frameworkOf } from "./frameworks.ts";
import { extensionPackages } from "./needed-extensions.ts";
import { phpPins, requestedPhp } from "./pins.ts";
import { composerRuntime, phpRuntime } from "./runtime.ts";
import { PORT, plainCommand, startOf } from "./start.ts";

export const php: Language = {
  name: "php",
  installsPython: false,
  dependencies: phpRule,
  runtime: phpRuntime,
  otherRuntimes: [composerRuntime],
  manifests: [MANIFEST, "index.php"],
  detect,
  isOfApp,
  describe: describePhp,
  runtimes(tree) {
    const file = detect(tree) ?? MANIFEST;
    return [...requestedPhp(tree, file), ...composerFor(tree)];
  },
  // What lies in it is a part of it, unless that says otherwise.
  builds: (tree, folder) =>
    !tree.has(`${folder}/${MANIFEST}`) && !tree.has(`${folder}/package.json`),
  plainCommand(tree, line) {
    const plain = plainCommand(tree, line);
    if (plain === null) return null;
    return { line: plain, from: { what: detect(tree) ?? MANIFEST }, port: PORT };
  },
  plan(tree, { source, place: dependencies, frozen = false }) {
    const isHere = dependencies === "here";
    const framework = frameworkOf(tree);
    const place = placeOf(source);
    const warnings = [...phpPins(tree).warnings, ...checkLock(tree, frozen)];
    const start = startOf(tree);
    const isBuilt = isInstalled(tree);
    return {
      packages: [],
      runPackages: extensionPackages(tree),
      install: isBuilt && !isHere ? fetchCommands(place) : [],
      build: isBuilt ? buildCommands(tree, framework, place) : [],
      ...start,
      warnings: [...warnings, ...start.warnings],
      decisions: decisionsOf(tree),
    };
  },
};

// --- internal ---

/** What builds front ends, or serves or runs what others have built. */
const NOT_BESIDE = new Set(["php", "node", "static", "shell"]);

function detect(tree: SourceTree): string | null {
  if (tree.has(MANIFEST)) return MANIFEST;
  const root = documentRoot(tree);
  return root === null ? null : root.from.what;
}

/** A few files of PHP, or the tools of those who develop in it, are none of another language's app. */
function isOfApp(tree: SourceTree, { languages }: { languages: readonly string[] }): boolean {
  const others = languages.filter((name) => !NOT_BESIDE.has(name));
  if (others.length === 0 && !languages.includes("node")) return true;
  const root = documentRoot(tree);
  if (root === null) return false;
  if (root.framework !== null) return true;
  const manifest = readComposerJson(tree);
  const isRequired = Object.keys(manifest?.require ?? {}).some((name) => name.includes("/"));
  if (others.length > 0) return isRequired;
  // A server of Node's may have a page of PHP beside it.
  return manifest !== null || !/"start"\s*:/.test((tree.text("package.json") ?? "").slice(0, MOST));
}

const MOST = 256 * 1024;

function composerFor(tree: SourceTree): RequestedRuntime[] {
  if (!isInstalled(tree)) return [];
  return [{ language: "composer", from: { what: MANIFEST }, use: "build" }];
}

function placeOf(source: string): BuildPlace {
  const otherwise = `${MANIFEST} is left alone, since there is no Composer in this image; build.builder = "php" brings it`;
  return {
    ...{ user: "nua", cwd: source, from: { what: MANIFEST } },
    needs: { program: "composer", otherwise },
  };
}

function decisionsOf(tree: SourceTree): LanguageDecision[] {
  const root = documentRoot(tree);
  if (root === null) return [];
  const { folder, framework, from } = root;
  const name = framework === null ? "" : `${framework.name}, `;
  return [{ what: `${name}the folder ${folder === "" ? "." : folder} is served`, from }];
}
