/** Pure: the dependency layer of Ruby apps: which files installing reads. */
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";
import { gemsOf, lacksPlatform, mismatchOf } from "./gems.ts";

export const rubyRule: DependencyRule = {
  plan({ tree, runtime, hasPackages }) {
    const gems = gemsOf(tree);
    const { files, gemfile, lock, hasManifest } = gems;
    if (!hasManifest) return null;
    if (runtime === "none") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Ruby");
      return null;
    }
    if (gemfile.more !== null) throw new Obstacle(gemfile.more);
    if (lock !== null && lock.paths.length > 0) {
      throw new Obstacle(`${files.lock} names a gem of the app's own folder`);
    }
    // The app's own would come back over what Bundler has made of it.
    if (mismatchOf(gems) !== null || lacksPlatform(gems)) {
      throw new Obstacle(`Bundler writes to ${files.lock}`);
    }
    // Not those that `.dockerignore` leaves out.
    const own = tree.list("").find(({ name }) => [".bundle", "vendor"].includes(name));
    if (own !== undefined)
      throw new Obstacle(`bundler writes to ${own.name}, which the app brings`);
    const read = [files.manifest, files.lock, ".ruby-version", ...gemfile.reads];
    return { files: present([...new Set(read)], tree), place: "below", compilesApp: false };
  },
};
