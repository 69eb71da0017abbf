import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../../..");

/** All that is known of one of these stands in its own places. */
interface Subject {
  name: string;
  words: RegExp;
  /** Its folder, its file, and the tables that it is a row of. */
  own: readonly string[];
  /** Files elsewhere that may name it, each with the reason. */
  allowed: Readonly<Record<string, string>>;
}

const LIBRARY = "scripts of packages import it by this name";

const SUBJECTS: readonly Subject[] = [
  {
    name: "Ruby",
    words: /ruby|gemfile|rubygems|(?<![a-z])gems(?![a-z])/i,
    own: ["src/languages/ruby/", "src/registries/rubygems.ts"],
    allowed: {
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
      "src/python/nua/lib/actions/__init__.py": LIBRARY,
      "src/python/nua/lib/actions/ruby.py": LIBRARY,
      "src/config/discover.ts": "to go: files that tell that a folder is an app",
    },
  },
  {
    name: "Node",
    // "node" alone is also a part of a tree, and what the modules of nua-build's own runtime are called.
    words:
      /(?<![a-z])(nodejs(?!\.)|node\.js|npm(rc)?|npx|yarn|pnpm|node_modules|install-node)(?![a-z])|\/node\//i,
    own: [
      ...["src/languages/node/", "src/registries/npm.ts", "src/registries/npm-versions.ts"],
      // What runtimes of that registry share.
      ...["src/languages/npm-package.ts", "src/languages/npm-program.ts"],
      "src/languages/npm-versions.ts",
      // Deno reads from the same registry, and the same manifests.
      ...["src/languages/deno/", "src/registries/jsr.ts"],
    ],
    allowed: {
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
      "src/languages/ruby/ruby.ts": "gems for assets ask for its runtime",
      "src/languages/java/maven/maven.ts": "what a plugin of Maven's fetches is told",
      "src/languages/installer.ts": "an example, in a comment",
      "src/registries/address.ts": "an example, in a comment",
      "src/registries/item.ts": "an example, in a comment",
      "src/airgap/bundle/missing-error.ts": "an example, in a comment",
      "src/python/nua/lib/actions/__init__.py": LIBRARY,
      "src/python/nua/lib/actions/nodejs.py": LIBRARY,
      "src/source/secret-files.ts": "what tells secrets is one list, whoever reads it",
      "src/images/reproducible/leftovers.ts": "what programs leave in images is one list",
      "src/languages/php/agent/serve-php.sh": "folders that are handed out to nobody",
    },
  },
  {
    name: "Go",
    words: /(?<![a-z])(golang|go\.(mod|sum|work)|gopath|goproxy|gocache)(?![a-z])|\/go\//i,
    own: ["src/languages/go/", "src/registries/go.ts"],
    allowed: {
      "src/languages/languages.ts": "the table",
    },
  },
  {
    name: "Rust",
    words: /(?<![a-z])(cargo|crates?|rustc|rustup)(?![a-z])|\/rust\//i,
    own: ["src/languages/rust/", "src/registries/crates.ts"],
    allowed: {
      "src/source/secret-files.ts": "names of files with secrets are one list",
      "src/languages/elixir/native-needs.ts": "packages that are written in it need its compiler",
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
    },
  },
  {
    name: "Deno",
    words: /(?<![a-z])(deno|jsr)(?![a-z])|\/deno\//i,
    own: ["src/languages/deno/", "src/registries/jsr.ts"],
    allowed: {
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
      "src/registries/npm.ts": "its lock file names packages of that registry",
      "src/languages/node/programs.ts": "a program that packages of Node's call",
      "src/languages/node/watchers.ts": "a program that watches files",
      "src/languages/node/frameworks/astro.ts": "a package of Node's, by its name",
    },
  },
  {
    name: ".NET",
    words: /(?<![a-z])(dotnet|nuget|csproj|msbuild|aspnet(core)?)(?![a-z])|\/dotnet\//i,
    own: ["src/languages/dotnet/", "src/registries/nuget.ts"],
    allowed: {
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
    },
  },
  {
    name: "Java",
    words: /(?<![a-z])(maven|gradle|pom\.xml|openjdk|jdk|java)(?![a-z])|\/java\//i,
    own: [
      ...["src/languages/java/", "src/registries/maven.ts", "src/registries/maven-settings.ts"],
      "src/registries/trust-store.ts",
    ],
    allowed: {
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
      "src/plan/unknown-languages.ts": "manifests of Maven's that are no XML",
      "src/registries/rubygems.ts": "a platform that gems are for",
      "src/languages/prebuilt/prebuilt.ts": "jars ask for its runtime",
      "src/languages/node/programs.ts": "a program that packages of Node's call",
    },
  },
  {
    name: "PHP",
    // "composer" alone is a person's name for what composes, too.
    words: /(?<![a-z])(php|packagist|laravel|symfony|composer\.(json|lock))(?![a-z])|\/php\//i,
    own: ["src/languages/php/", "src/registries/packagist.ts"],
    allowed: {
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
      "src/languages/node/frameworks/vite.ts": "plugins of Vite's for servers in PHP",
      "src/languages/prebuilt/scripts.ts": "an interpreter that scripts name",
    },
  },
  {
    name: "Elixir",
    words:
      /(?<![a-z])(elixir|mix\.(exs|lock)|hexpm|hex\.pm|hex(Mirror|Builds))(?![a-z])|\/elixir\//i,
    own: ["src/languages/elixir/", "src/registries/hex.ts"],
    allowed: {
      "src/languages/languages.ts": "the table",
    },
  },
  {
    name: "C++",
    words: /(?<![a-z])(cmakelists|ccache|autoconf|automake|fakeroot)(?![a-z])|\/cpp\//i,
    own: ["src/languages/cpp/", "src/registries/ccache.ts"],
    allowed: {
      "src/languages/languages.ts": "the table",
      "src/registries/registries.ts": "the table",
      "src/languages/rust/native-needs.ts": "crates compile sources of their own",
      "src/languages/node/native-needs.ts": "packages compile sources of their own",
      "src/agent/missing-library.ts": "what compilers and their tools say that is missing",
    },
  },
  {
    name: "the registry of Python",
    // Python and its pip are in every image: they have no subject of their own.
    words:
      /pypi|pip(Index|TrustedHost)|pip[._-](index|trusted)|(?<![a-z])(poetry|pipfile)(?![a-z])/i,
    own: [
      ...["src/languages/python/", "src/registries/pypi.ts", "src/registries/cpython.ts"],
      "src/registries/pip-requirements.ts",
    ],
    allowed: {
      "src/registries/registries.ts": "the table",
      "src/source/secret-files.ts": "what tells secrets is one list, whoever reads it",
      "dockerfiles/nua-python.Dockerfile": "what every image has",
      "src/agent/proxy/headers.ts": "an example, in a comment",
    },
  },
];

const FILES = ["src", "dockerfiles"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((path) => !path.includes("__pycache__") && statSync(join(ROOT, path)).isFile()),
);

describe.each(SUBJECTS as Subject[])("$name", ({ words, own, allowed }) => {
  const naming = FILES.filter((path) => {
    const isOwn = own.some((place) => path.startsWith(place));
    return !isOwn && (words.test(path) || words.test(readFileSync(join(ROOT, path), "utf8")));
  });

  test("is named by its own files, and by those that have a reason", () => {
    expect(naming.filter((path) => allowed[path] === undefined)).toEqual([]);
  });

  test("is still named where it may be", () => {
    expect(Object.keys(allowed).filter((path) => !naming.includes(path))).toEqual([]);
  });
});
