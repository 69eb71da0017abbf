/** The Ruby runtime: versions, and how it is installed. */
import type { Runtime } from "../runtime.ts";
import { seriesOf } from "./agent/sources.ts";
import { DISTRIBUTION_RUBY, rubyVersions } from "./versions.ts";

/** By their names they stand for their series: the distribution's Ruby is taken for any of them. */
const VERSIONS = ["2.7.8", "3.1.4", "3.2.2"];

export const rubyRuntime: Runtime = {
  language: "ruby",
  versions: VERSIONS.map((version) => ({
    version: version.replaceAll(".", ""),
    names: namesOf(version),
    exact: seriesOf(version),
  })),
  rules: rubyVersions,
  distribution: DISTRIBUTION_RUBY,
  base: {
    dockerfile: "ruby/base.Dockerfile",
    argument: "ruby_version",
    versionFile: "/nua/ruby_version",
    installer: {
      word: "install-ruby",
      folder: { flag: "--root", fallback: "/" },
      example: "3.2",
      load: () => import("./agent/install-ruby.ts"),
    },
  },
};

// --- internal ---

/** With every way to write a version: "32", "322" and "3.2". */
function namesOf(version: string): string[] {
  const [major, minor, patch] = version.split(".");
  const spellings = [`${major}${minor}`, `${major}${minor}${patch}`, `${major}.${minor}`];
  return ["ruby-", "ruby", "nua-builder-ruby"].flatMap((prefix) =>
    spellings.map((spelling) => prefix + spelling),
  );
}
