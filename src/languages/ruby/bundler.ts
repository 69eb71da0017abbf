/** Pure: the commands that install gems, as the lock file has them. */

import { NuaError } from "../../lib/errors.ts";
import { compareVersions } from "../../lib/version-order.ts";
import { SCRATCH } from "../../protocol/layout.ts";
import {
  type PlannedCommand,
  type PlannedRun,
  plannedRun,
  plannedShell,
} from "../../protocol/planned-action.ts";
import { LEFT_OUT } from "./gemfile.ts";
import { type Gems, lacksPlatform, mismatchOf } from "./gems.ts";

export interface Place {
  user: "nua";
  cwd: string;
  from: { what: string };
  needs: NonNullable<PlannedRun["needs"]>;
}

/** What is known beside an app's files. */
export interface Given {
  /** The version of Ruby, as far as it is known. */
  ruby: string | undefined;
  /** Whether a lock file that does not fit is an error. */
  isFrozen: boolean;
}

export interface Installation {
  commands: PlannedCommand[];
  warnings: string[];
}

/**
 * Gems go to vendor/bundle beside the Gemfile. A lock file that does not fit is told of, and
 * resolved again as Bundler does it; all others hold.
 * @throws NuaError (input) for a lock file that does not fit and has to
 */
export function planInstallation(
  gems: Gems,
  place: Place,
  { ruby, isFrozen: mustFit }: Given,
): Installation {
  const { lock, files } = gems;
  const mismatch = mismatchOf(gems);
  if (mismatch !== null && mustFit) throw doesNotFit(mismatch, files.lock);
  const isFrozen = lock !== null && mismatch === null;
  const options = { ...place, env: bundlerEnvironment(false) };
  const settings = [
    ["path", "vendor/bundle"],
    ["without", LEFT_OUT.join(":")],
    ...(isFrozen ? [["deployment", "true"]] : []),
  ];
  const addsPlatform = isFrozen && lacksPlatform(gems);
  return {
    commands: [
      ...installBundler(lock?.bundler ?? null, ruby, options),
      ...(addsPlatform ? [plannedShell(ADD_PLATFORM, options)] : []),
      // In the app's folder, so that they hold when the app is started.
      ...settings.map((words) =>
        plannedRun(["bundle", "config", "set", "--local", ...words], options),
      ),
      plannedRun(["bundle", "install"], options),
      // Of no use to a running app: the gems' archives, and repositories that gems came from.
      plannedShell(LEFTOVERS, options),
    ],
    warnings: [
      ...(lock === null ? [`there is no ${files.lock}: ${NO_LOCK}`] : []),
      ...(mismatch === null ? [] : [`${mismatch}: Bundler resolves the gems anew`]),
      ...(addsPlatform ? [`${files.lock} ${NO_PLATFORM}`] : []),
    ],
  };
}

/** For any command of Bundler's. */
export function bundlerEnvironment(isRails: boolean): Record<string, string> {
  return {
    BUNDLE_USER_HOME: `${SCRATCH}/bundle`,
    ...(isRails ? { RAILS_ENV: "production" } : {}),
  };
}

// --- internal ---

const NO_LOCK = "two builds may install different versions";

const NO_PLATFORM =
  "was written for other systems than Linux: gems for Linux are added; bundle lock --add-platform x86_64-linux keeps them";

/** The name that RubyGems has for the machine of the build. */
const ADD_PLATFORM = "bundle lock --add-platform \"$(ruby -e 'print Gem::Platform.local')\"";

const LEFTOVERS = "rm -rf vendor/bundle/ruby/*/cache vendor/bundle/ruby/*/bundler/gems/*/.git";

function doesNotFit(mismatch: string, lock: string): NuaError {
  return new NuaError("input", `Read "${lock}": it does not fit: ${mismatch}`, {
    file: lock,
    hint: "run bundle install and commit the lock file, or build without --frozen",
  });
}

/**
 * From RubyGems 3.3 on, which came with Ruby 3.1, Bundler fetches the version that wrote the lock
 * file by itself. Source: Bundler 2.3, changelog.
 */
function installBundler(
  version: string | null,
  ruby: string | undefined,
  options: Parameters<typeof plannedRun>[1],
): PlannedCommand[] {
  // "278" is how a base image is named.
  const [, series] = /^(\d\.\d+)/.exec((ruby ?? "").replace(/^(\d)(\d)\d+$/, "$1.$2")) ?? [];
  if (version === null || series === undefined || compareVersions(series, "3.1") >= 0) return [];
  const argv = ["gem", "install", "--user-install", "--no-document"];
  return [plannedRun([...argv, "bundler", "--version", version], options)];
}
