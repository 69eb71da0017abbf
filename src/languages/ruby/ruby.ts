/** Ruby: apps with a Gemfile. */
import { SCRATCH } from "../../protocol/layout.ts";
import { plannedPackages, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import type { Language } from "../language.ts";
import { rubyRule } from "./dependencies.ts";
import { gemPackages } from "./native-packages.ts";
import { rubyRuntime } from "./runtime.ts";

/**
 * Gems go to vendor/bundle beside the Gemfile, those of the lock file where there is one; `bundle
 * exec` finds them there.
 */
export const ruby: Language = {
  name: "ruby",
  installsPython: false,
  dependencies: rubyRule,
  runtime: rubyRuntime,
  detect: (tree) => (tree.has(MANIFEST) ? MANIFEST : null),
  plan(tree, { source, runtime }) {
    const packages = gemPackages(tree, runtime);
    const isLocked = tree.has("Gemfile.lock");
    const settings = [
      ["path", "vendor/bundle"],
      ["without", "development:test"],
      ...(isLocked ? [["deployment", "true"]] : []),
    ];
    const env = { BUNDLE_USER_HOME: `${SCRATCH}/bundle` };
    const place = {
      user: "nua",
      cwd: source,
      from: { what: MANIFEST },
      needs: NEEDS,
      env,
    } as const;
    return {
      packages: plannedPackages(packages, "build", { from: [place.from], needs: NEEDS }),
      install: [
        ...(isLocked ? [] : [{ kind: "warn" as const, text: NO_LOCK, needs: NEEDS }]),
        // In the app's folder, so that they hold when the app is started.
        ...settings.map((words) =>
          plannedRun(["bundle", "config", "set", "--local", ...words], place),
        ),
        plannedRun(["bundle", "install"], place),
        // Of no use to a running app: the gems' archives, and what compiling them left.
        plannedShell("rm -rf vendor/bundle/ruby/*/cache", place),
      ],
      build: [],
    };
  },
};

// --- internal ---

const MANIFEST = "Gemfile";

const NEEDS = {
  program: "bundle",
  otherwise: `${MANIFEST} is left alone, since there is no Ruby in this image; build.builder = "ruby-32" brings it`,
};

const NO_LOCK = "there is no Gemfile.lock: two builds may install different versions";
