/** Pure: the dependency layer of Ruby apps: which files installing reads. */
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";

/** A Gemfile is a program: these are words for reading more than itself. */
const READS_MORE =
  /\b(gemspec|eval_gemfile|require_relative|File|IO|Dir)\b|\bpath:|:path\b|\bpath /;

export const rubyRule: DependencyRule = {
  manifests: ["Gemfile", "Gemfile.lock"],
  plan(input) {
    const { names, texts, language, hasPackages } = input;
    if (!names.includes("Gemfile")) return null;
    if (language !== "ruby") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Ruby");
      return null;
    }
    if (READS_MORE.test(texts.Gemfile ?? "")) throw new Obstacle("Gemfile reads other files");
    if (/^PATH$/m.test(texts["Gemfile.lock"] ?? "")) {
      throw new Obstacle("Gemfile.lock names a gem of the app's own folder");
    }
    const [own] = present([".bundle", "vendor"], input);
    if (own !== undefined) throw new Obstacle(`bundler writes to ${own}, which the app brings`);
    return {
      files: present(["Gemfile", "Gemfile.lock", ".ruby-version"], input),
      place: "below",
      compilesApp: false,
    };
  },
};
