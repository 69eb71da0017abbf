/** Pure: the dependency layer of Ruby apps: which files installing reads. */
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";

/** A Gemfile is a program: these are words for reading more than itself. */
const READS_MORE =
  /\b(gemspec|eval_gemfile|require_relative|File|IO|Dir)\b|\bpath:|:path\b|\bpath /;

export const rubyRule: DependencyRule = {
  plan({ tree, language, hasPackages }) {
    if (!tree.has("Gemfile")) return null;
    if (language !== "ruby") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Ruby");
      return null;
    }
    if (READS_MORE.test(tree.text("Gemfile") ?? ""))
      throw new Obstacle("Gemfile reads other files");
    if (/^PATH$/m.test(tree.text("Gemfile.lock") ?? "")) {
      throw new Obstacle("Gemfile.lock names a gem of the app's own folder");
    }
    // Not those that `.dockerignore` leaves out.
    const own = tree.list("").find(({ name }) => [".bundle", "vendor"].includes(name));
    if (own !== undefined)
      throw new Obstacle(`bundler writes to ${own.name}, which the app brings`);
    return {
      files: present(["Gemfile", "Gemfile.lock", ".ruby-version"], tree),
      place: "below",
      compilesApp: false,
    };
  },
};
