/** Debian packages that native Node modules need to be compiled. Pure. */
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";

interface BuildNeed {
  desc: string;
  /** Debian packages, installed for the build only. */
  packages: readonly string[];
  when: (lock: Lock) => boolean;
}

/** What is known of a lock file. */
interface Lock {
  text: string;
  /** Packages that run a script when they are installed; null when the lock does not say. */
  scripts: string[] | null;
}

/** Their install scripts fetch a program, print something, or serve another system. */
const HARMLESS_SCRIPTS: ReadonlySet<string> = new Set([
  ...["@parcel/watcher", "@swc/core", "core-js", "core-js-pure", "core-js-bundle", "cypress"],
  ...["es5-ext", "esbuild", "fsevents", "husky", "nodemon", "nx", "protobufjs", "puppeteer"],
  ...["styled-components", "unrs-resolver", "vue-demi", "workerd", "yorkie"],
]);

/** Packages that only exist to compile others; a lock of yarn's tells no more than names. */
const COMPILING =
  /(^|[\s"'/])(node-gyp|node-gyp-build|node-addon-api|nan|bindings|prebuild-install|node-pre-gyp|cmake-js)["']?(@|:|\s)/m;

/**
 * The compiler and libraries that upstream installs for every yarn project, by need: they take
 * longer than most apps do.
 */
export const BUILD_NEEDS: readonly BuildNeed[] = [
  {
    desc: "native modules are compiled by node-gyp, which runs on Python",
    packages: ["build-essential", "python3-dev", "libsqlite3-dev", "libicu-dev", "libssl-dev"],
    when: ({ text, scripts }) =>
      scripts === null ? COMPILING.test(text) : scripts.some((name) => !HARMLESS_SCRIPTS.has(name)),
  },
  {
    desc: "dependencies that are git repositories",
    packages: ["git"],
    when: ({ text }) => /git\+(ssh|https?):|git@|git:\/\/|github:|codeload\.github\.com/.test(text),
  },
];

/** Debian packages for installing what the lock file, or else package.json, lists. */
export function nativePackages(tree: SourceTree): string[] {
  const names = ["yarn.lock", "npm-shrinkwrap.json", "package-lock.json", "package.json"];
  const name = names.find((file) => tree.has(file)) ?? "";
  const text = tree.text(name) ?? "";
  const lock = { text, scripts: installScripts(text) };
  return BUILD_NEEDS.filter(({ when }) => when(lock)).flatMap(({ packages }) => packages);
}

// --- internal ---

/** npm's lock file, since its version 2. */
const npmLockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      hasInstallScript: v.optional(v.boolean(), false),
      os: v.optional(v.array(v.string()), []),
    }),
  ),
});

function installScripts(text: string): string[] | null {
  try {
    const { packages } = v.parse(npmLockSchema, JSON.parse(text));
    return (
      Object.entries(packages)
        .filter(
          ([, { hasInstallScript, os }]) =>
            hasInstallScript && (os.length === 0 || os.includes("linux")),
        )
        .map(([path]) => path.replace(/^.*node_modules\//, ""))
        // The app's own script is the app's to care for.
        .filter((name) => name !== "")
    );
  } catch {
    return null;
  }
}
