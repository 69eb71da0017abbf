/** Pure: which framework an app is of, by its gems and its files. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { Gems } from "./gems.ts";

export interface Generator {
  name: string;
  /** Builds the site. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** The folder that it writes, where its configuration says nothing else. */
  folder: string;
  /** Its configuration. */
  file: string;
}

const GENERATORS: readonly (Generator & { gems: readonly string[] })[] = [
  {
    ...{ name: "Jekyll", gems: ["jekyll", "github-pages"], file: "_config.yml" },
    ...{ argv: ["jekyll", "build"], env: { JEKYLL_ENV: "production" }, folder: "_site" },
  },
  {
    ...{ name: "Bridgetown", gems: ["bridgetown"], file: "bridgetown.config.yml" },
    ...{ argv: ["bridgetown", "deploy"], env: { BRIDGETOWN_ENV: "production" }, folder: "output" },
  },
  {
    ...{ name: "Middleman", gems: ["middleman"], file: "config.rb" },
    ...{ argv: ["middleman", "build"], env: {}, folder: "build" },
  },
  {
    ...{ name: "Nanoc", gems: ["nanoc"], file: "nanoc.yaml" },
    ...{ argv: ["nanoc", "compile"], env: { NANOC_ENV: "prod" }, folder: "output" },
  },
];

/** What makes a static site of an app, where nothing of it is a server. */
export function generatorOf(tree: SourceTree, gems: Gems): Generator | null {
  if (isRails(tree, gems)) return null;
  const found = GENERATORS.find((one) => one.gems.some((name) => gems.all.has(name)));
  if (found === undefined || (tree.has("config.ru") && !tree.has(found.file))) return null;
  return { ...found, folder: destinationOf(tree.text(found.file)) ?? found.folder };
}

export function isRails(tree: SourceTree, gems: Gems): boolean {
  const application = tree.text("config/application.rb") ?? "";
  if (/\bRails::Application\b/.test(application)) return true;
  return (gems.all.has("rails") || gems.all.has("railties")) && tree.has("bin/rails");
}

/** Gems with files that browsers get, and that are made before the app runs. */
const ASSETS = [
  ...["sprockets", "sprockets-rails", "propshaft", "webpacker", "shakapacker", "vite_rails"],
  ...["jsbundling-rails", "cssbundling-rails", "tailwindcss-rails", "dartsass-rails"],
  "importmap-rails",
];

export function hasAssets(gems: Gems): boolean {
  return ASSETS.some((name) => gems.all.has(name));
}

/** Gems that run JavaScript while assets are made. */
const JAVASCRIPT = [
  ...[
    "execjs",
    "uglifier",
    "coffee-script",
    "coffee-rails",
    "autoprefixer-rails",
    "babel-transpiler",
  ],
  ...[
    "webpacker",
    "shakapacker",
    "vite_rails",
    "jsbundling-rails",
    "cssbundling-rails",
    "bridgetown",
  ],
];

/** Whether there has to be Node: when the app runs, when it is built, or not at all. */
export function nodeUse(tree: SourceTree, gems: Gems): "run" | "build" | null {
  // What an app asks for itself it may call; what a gem for assets wants is for those.
  if (gems.direct.has("execjs") && !gems.all.has("mini_racer")) return "run";
  const isAsked = JAVASCRIPT.some((name) => gems.all.has(name)) && !gems.all.has("mini_racer");
  return isAsked || (isRails(tree, gems) && tree.has("package.json")) ? "build" : null;
}

// --- internal ---

/** `destination: public`, in a file of YAML. */
function destinationOf(text = ""): string | undefined {
  const [, folder] =
    /^(?:destination|output_dir)\s*:\s*["']?([\w][\w./-]{0,200})["']?\s*$/m.exec(text) ?? [];
  return folder?.split("/").includes("..") ? undefined : folder?.replace(/\/+$/, "");
}
