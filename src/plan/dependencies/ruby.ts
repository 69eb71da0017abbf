/** Pure: what installing an app's gems reads. */
import { type DependencyRule, Obstacle, present } from "./rule.ts";

/** A Gemfile is a program: these are words for reading more than itself. */
const READS_MORE = /\b(gemspec|eval_gemfile|require_relative|File|IO|Dir|path:)\b|:path\b|\bpath /;

export const rubyRule: DependencyRule = {
  manifests: ["Gemfile"],
  plan(input) {
    const { names, texts, language, hasPackages } = input;
    if (!names.includes("Gemfile")) return null;
    if (language !== "ruby") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Ruby");
      return null;
    }
    if (READS_MORE.test(texts.Gemfile ?? "")) throw new Obstacle("Gemfile reads other files");
    const [own] = present([".bundle", "vendor"], input);
    if (own !== undefined) throw new Obstacle(`bundler writes to ${own}, which the app brings`);
    return {
      files: present(["Gemfile", "Gemfile.lock", ".ruby-version"], input),
      place: "below",
      compilesApp: false,
    };
  },
};
