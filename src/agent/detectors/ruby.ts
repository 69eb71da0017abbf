/** Gemfile. */

import { run, shell, warn } from "../../protocol/command.ts";
import type { Facts } from "../action.ts";
import type { Detector } from "../detector.ts";
import { installsDependencies } from "../layer.ts";
import { gemPackages } from "../ruby/native.ts";

/**
 * An app with a Gemfile. Its gems go to vendor/bundle beside it, those of the lock file where
 * there is one; `bundle exec` finds them there.
 */
export const rubyDetector: Detector = {
  name: "ruby",
  installsPython: false,
  detect: ({ tree, source }) => (tree.exists(`${source}/Gemfile`) ? "Gemfile" : null),
  packages: (facts) => (hasBundler(facts) ? gemPackages(facts) : []),
  commands(facts) {
    if (!hasBundler(facts)) return [warn(NO_RUBY)];
    if (!installsDependencies(facts.input)) return [];
    const isLocked = facts.tree.exists(`${facts.source}/Gemfile.lock`);
    const settings = [
      ["path", "vendor/bundle"],
      ["without", "development:test"],
      ...(isLocked ? [["deployment", "true"]] : []),
    ];
    const options = place(facts);
    return [
      ...(isLocked ? [] : [warn(NO_LOCK)]),
      // In the app's folder, so that they hold when the app is started.
      ...settings.map((words) => run(["bundle", "config", "set", "--local", ...words], options)),
      run(["bundle", "install"], options),
      // Of no use to a running app: the gems' archives, and what compiling them left.
      shell("rm -rf vendor/bundle/ruby/*/cache", options),
    ];
  },
};

// --- internal ---

const NO_RUBY =
  'Gemfile is left alone, since there is no Ruby in this image; build.builder = "ruby-32" brings it';

const NO_LOCK = "there is no Gemfile.lock: two builds may install different versions";

function hasBundler({ tree }: Facts): boolean {
  return ["/usr/local/bin/bundle", "/usr/bin/bundle"].some(tree.exists);
}

function place({ source, scratch }: Facts) {
  const env = { BUNDLE_USER_HOME: `${scratch}/bundle` };
  return { user: "nua", cwd: source, from: "Gemfile", env } as const;
}
