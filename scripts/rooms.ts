/** The folders of src, lowest first: for the map in AGENTS.md, and for the order of imports. */

import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * A room contains its folders: what lies beside each other, in src or in a room, has an order, and
 * so no circle.
 */
export interface Room {
  about: string;
  /**
   * Its folders, lowest first. What lies beside them is below them all: contracts, and what they
   * have in common …
   */
  folders?: readonly string[];
  /** … but for files that put them together. */
  above?: readonly string[];
}

/** Lowest first: nothing imports from a later one. */
export const ROOMS: Readonly<Record<string, Room>> = {
  "src/lib": { about: "what knows nothing of Nua", folders: ["tar"], above: ["process.ts"] },
  "src/protocol": { about: "what host and agent both import" },
  "src/registries": { about: "one file a registry" },
  "src/assets-macro.ts": { about: "how what travels inside the binary gets there" },
  "src/assets.ts": { about: "what travels inside the binary" },
  "src/runs": { about: "which run of nua-build something belongs to" },
  "src/engine": {
    about: "the engine's clients: all that is asked of an engine goes through one interface",
  },
  "src/session": {
    about: "what one call works with: settings, what a person sees, signals, folders, addresses",
  },
  "src/leftovers": { about: "what runs leave behind that are killed" },
  "src/images": {
    about: "archives and images: read, write, assemble, compare, move",
    folders: ["archive", "reproducible", "transfer", "assembly"],
  },
  "src/source": {
    about: "the app's source: a folder, an archive or a git revision, as a tree",
    folders: ["git"],
    above: ["fetch-app.ts", "fetch-source.ts", "open-archive-source.ts", "open-source.ts"],
  },
  "src/languages": {
    about: "one folder a language",
    folders: languageFolders(),
    above: ["languages.ts", "runtimes.ts"],
  },
  "src/config": {
    about: "the user's file",
    folders: ["source-map", "formats"],
    above: ["parse-config.ts", "check-config.ts", "load-config.ts"],
  },
  "src/bases": { about: "the base images, and the Linux distributions below them" },
  "src/plan": { about: "pure; what will be done, as printable JSON" },
  "src/dockerfile": { about: "the texts of Dockerfiles" },
  "src/context": {
    about: "the build context: what is taken of an app's folder, and how it is laid out",
  },
  "src/incremental": { about: "what was built from what" },
  "src/airgap": {
    about: "what builds read, recorded, carried, and read again without a network",
    folders: ["bundle", "record", "replay"],
  },
  "src/doctor": { about: "whether this machine can build" },
  "src/options.ts": { about: "what was asked for" },
  "src/steps": { about: "one file a step of the pipeline" },
  "src/goal.ts": { about: "what an app may be built for" },
  "src/keep-image.ts": { about: "the image and its archive, which are usually wanted" },
  "src/build.ts": { about: "the pipeline" },
  "src/build-many.ts": { about: "several apps side by side" },
  "src/rebuild.ts": { about: "the pipeline once more" },
  "src/bundle.ts": { about: "the pipeline, recorded and tried" },
  "src/cli": { about: "flags and words -> options; no work" },
  "src/main.ts": { about: "argv -> exit status" },
  "src/agent": {
    about: "runs inside the container",
    folders: ["proxy", "commands"],
    above: ["build-app.ts", "main.ts"],
  },
  "src/python": { about: "nua.lib, for build and start scripts inside images" },
};

// --- internal ---

/** Each language's, and below it those that it contains, such as what runs in the agent. */
function languageFolders(): string[] {
  const root = join(import.meta.dir, "../src/languages");
  const foldersOf = (folder: string) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  return foldersOf(".").flatMap((language) => [
    ...foldersOf(language).map((name) => `${language}/${name}`),
    language,
  ]);
}
