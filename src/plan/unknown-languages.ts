/**
 * Pure: languages that nua-build does not know how to build yet, by the files that tell of them, so
 * that an app in one of them is refused with its name.
 */
import type { SourceTree } from "../source/source-tree.ts";

export interface UnknownLanguage {
  /** As in names of languages. */
  language: string;
  /** As a person calls it. */
  title: string;
  /** The file that tells of it. */
  file: string;
  /** Lines that people build it with. */
  build: string;
}

/** What is found at the top of a tree; null where there is nothing. */
export function findUnknown(tree: SourceTree): UnknownLanguage | null {
  for (const { files, pattern, ...known } of TABLE) {
    const file = files?.find((name) => tree.has(name)) ?? matching(tree, pattern);
    if (file !== undefined) return { ...known, file };
  }
  return null;
}

// --- internal ---

interface Row extends Omit<UnknownLanguage, "file"> {
  files?: readonly string[];
  /** Where the name of the file is the app's own. */
  pattern?: RegExp;
}

/** The first that is found counts: what others are written in comes last. */
const TABLE: readonly Row[] = [
  {
    ...{ language: "meteor", title: "Meteor", build: "meteor build --directory /nua/app" },
    files: [".meteor/release"],
  },
  {
    ...{ language: "java", title: "Polyglot Maven", build: "mvn package" },
    files: ["pom.atom", "pom.clj", "pom.groovy", "pom.rb", "pom.scala", "pom.yaml"],
  },
  { language: "scala", title: "Scala", files: ["build.sbt"], build: "sbt stage" },
  {
    language: "clojure",
    title: "Clojure",
    files: ["deps.edn", "project.clj"],
    build: "lein uberjar",
  },
  {
    language: "gleam",
    title: "Gleam",
    files: ["gleam.toml"],
    build: "gleam export erlang-shipment",
  },
  { language: "erlang", title: "Erlang", files: ["rebar.config"], build: "rebar3 release" },
  {
    language: "dart",
    title: "Dart",
    files: ["pubspec.yaml"],
    build: "dart compile exe bin/main.dart",
  },
  { language: "swift", title: "Swift", files: ["Package.swift"], build: "swift build" },
  { language: "crystal", title: "Crystal", files: ["shard.yml"], build: "shards build" },
  { language: "zig", title: "Zig", files: ["build.zig"], build: "zig build" },
  {
    language: "haskell",
    title: "Haskell",
    files: ["stack.yaml", "cabal.project"],
    build: "stack build",
  },
  { language: "ocaml", title: "OCaml", files: ["dune-project"], build: "dune build --release" },
  { language: "perl", title: "Perl", files: ["cpanfile"], build: "cpanm --installdeps ." },
  { language: "nim", title: "Nim", pattern: /^[^.].*\.nimble$/, build: "nimble build" },
];

function matching(tree: SourceTree, pattern: RegExp | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  return tree.list("").find(({ name, kind }) => kind === "file" && pattern.test(name))?.name;
}
