/**
 * What is known of a language stands in its folder of `languages/`, what is known of a registry in
 * its file of `registries/`: no other file names one, but for those that are listed here.
 */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";

const ROOT = join(import.meta.dir, "../..");

interface Subject {
  /** What names it. */
  words: RegExp;
  /** Its own rooms: folders end with a slash. */
  rooms: readonly string[];
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  ruby: {
    words: /\bruby|\bgems?\b|gemfile/i,
    rooms: ["src/languages/ruby/", "src/registries/rubygems.ts"],
  },
  // Not the nodes of a tree, and not the modules that are called node:fs.
  node: {
    words: /nodejs(?!\.)|\bnode-?\d|"node"|\bnpm\b|\byarn\b|\bpnpm\b|package\.json|node_modules/i,
    rooms: ["src/languages/node/", "src/registries/npm.ts"],
  },
  // Not Python itself: each image has it, since it is what starts an app.
  python: {
    words: /\bpip\b|pypi|pyproject|poetry|requirements\.txt|setuptools|\bwheels?\b/i,
    rooms: ["src/languages/python/", "src/registries/pypi.ts"],
  },
};

/** What else may name one, each with its reason. */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ruby: {
    "src/config/discover.ts": "files by which the folder of an app is known",
    "src/source/secret-files.ts": "where programs keep what is secret",
  },
  node: {
    "dockerfiles/app.Dockerfile": "the caches that a builder keeps are mounts of a Dockerfile",
    "src/agent/build-app.ts": "the folders of those caches",
    "src/agent/environment.ts": "what points each program to its cache",
    "src/agent/proxy/ask-for-rest.ts": "how each program is asked for all that it lacks",
    "src/airgap/bundle/find-wanted.ts": "an installed tree is no file of the app's",
    "src/airgap/bundle/missing-error.ts": "an example",
    "src/config/discover.ts": "files by which the folder of an app is known",
    "src/config/schema.ts": "an example",
    "src/dockerfile/caches.ts": "whose caches are the app's own",
    "src/images/reproducible/leftovers.ts": "what programs write that differs with each build",
    "src/protocol/version.ts": "this tool's own package.json",
    "src/registries/address.ts": "an example",
    "src/registries/item.ts": "an example",
    "src/source/secret-files.ts": "where programs keep what is secret",
    "src/source/staged-names.ts": "installed trees, which are not taken",
    "src/source/take-rules.ts": "installed trees, which are not taken",
  },
  python: {
    "dockerfiles/app.Dockerfile": "the caches that a builder keeps are mounts of a Dockerfile",
    "dockerfiles/nua-builder.Dockerfile": "the agent's copy of pip",
    "dockerfiles/nua-python.Dockerfile": "the virtual environment that every image has",
    "src/agent/build-app.ts": "the folders of those caches",
    "src/agent/commands/context.ts": "what an empty folder would do to a package",
    "src/agent/commands/run.ts": "the agent's copy of pip; the key build.pip-install",
    "src/agent/environment.ts": "what points each program to its cache",
    "src/agent/proxy/ask-for-rest.ts": "how each program is asked for all that it lacks",
    "src/agent/proxy/headers.ts": "a header of a registry's",
    "src/airgap/bundle/blob-file.ts": "an example",
    "src/config/": "the key build.pip-install; files by which the folder of an app is known",
    "src/dockerfile/caches.ts": "whose caches are the app's own",
    "src/images/reproducible/normalize-image.ts": "why a date is what it is",
    "src/lib/rewrites.ts": "which program asks for an address as it is",
    "src/plan/": "the keys build.pip-install and build.meta-packages",
    "src/source/secret-files.ts": "where programs keep what is secret",
  },
};

/** Files, and folders, that may name any: each with its reason. */
const EVERY: Readonly<Record<string, string>> = {
  "src/languages/languages.ts": "the table of languages",
  "src/languages/runtimes.ts": "the table of runtimes",
  "src/registries/registries.ts": "the table of registries",
  "src/python/nua/": "names that scripts of apps import: contract §8",
};

test.each(Object.entries(SUBJECTS))("%s is named in its own rooms", (name, { words, rooms }) => {
  const allowed = { ...EVERY, ...ALLOWED[name] };
  const named = filesThatName(words).filter((file) => !isBelow(file, rooms));
  const isListed = (file: string) => isBelow(file, Object.keys(allowed));
  expect(named.filter((file) => !isListed(file))).toEqual([]);
  const unused = Object.keys(ALLOWED[name]!).filter(
    (place) => !named.some((file) => isBelow(file, [place])),
  );
  expect(unused).toEqual([]);
});

// --- internal ---

function isBelow(file: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith("/") ? file.startsWith(place) : file === place));
}

function filesThatName(words: RegExp): string[] {
  return ["src/**/*", "dockerfiles/*"]
    .flatMap((pattern) => [...new Glob(pattern).scanSync({ cwd: ROOT })])
    .filter((file) => words.test(readFileSync(join(ROOT, file), "utf8")))
    .sort();
}
