/** Ruby: apps with a Gemfile, or with a script that is named as what starts an app is. */
import { type PlannedCommand, plannedPackages, plannedRun } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Language, LanguagePlan, StaticSite } from "../language.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { bundlerEnvironment, type Place, planInstallation } from "./bundler.ts";
import { rubyRule } from "./dependencies.ts";
import { describeRuby } from "./describe.ts";
import { generatorOf, hasAssets, isRails, nodeUse } from "./frameworks.ts";
import { type Gems, gemsOf } from "./gems.ts";
import { manifestOf } from "./manifest.ts";
import { gemPackages } from "./native-packages.ts";
import { requestedRuby } from "./pins.ts";
import { rubyRuntime } from "./runtime.ts";
import { SCRIPTS, startOf } from "./start.ts";

export const ruby: Language = {
  name: "ruby",
  installsPython: false,
  dependencies: rubyRule,
  runtime: rubyRuntime,
  manifests: ["Gemfile", "config.ru", ...SCRIPTS],
  detect,
  describe: describeRuby,
  runtimes(tree) {
    const gems = gemsOf(tree);
    const file = detect(tree) ?? gems.files.manifest;
    const isSite = generatorOf(tree, gems) !== null;
    return [...requestedRuby(tree, file, isSite ? "build" : "run"), ...others(tree, gems, isSite)];
  },
  plan(tree, { source, runtime, versions, frozen = false }) {
    const gems = gemsOf(tree);
    const file = detect(tree) ?? gems.files.manifest;
    const place = { user: "nua", cwd: source, from: { what: file }, needs: needsOf(file) } as const;
    const packages = gemPackages(gems, runtime);
    const { commands, warnings } = gems.hasManifest
      ? planInstallation(gems, place, { ruby: versions.ruby, isFrozen: frozen })
      : { commands: [], warnings: [] };
    const run = planRunning(tree, gems, place);
    const runNames = [...(run.start ? ["libjemalloc2"] : []), ...packages.run];
    return {
      packages: plannedPackages(packages.build, "build", {
        from: [place.from],
        needs: place.needs,
      }),
      install: commands,
      ...run,
      ...(runNames.length === 0 ? {} : { runPackages: [{ names: runNames, from: place.from }] }),
      warnings: [...warnings, ...(run.warnings ?? [])],
    };
  },
};

// --- internal ---

function detect(tree: SourceTree): string | null {
  const file = manifestOf(tree)?.manifest;
  return file ?? ["config.ru", ...SCRIPTS].find((name) => tree.text(name) !== undefined) ?? null;
}

function needsOf(file: string): Place["needs"] {
  return {
    program: "bundle",
    otherwise: `${file} is left alone, since there is no Ruby in this image; build.builder = "ruby-32" brings it`,
  };
}

/** What else there has to be: Node for assets, and a web server for a site. */
function others(tree: SourceTree, gems: Gems, isSite: boolean): RequestedRuntime[] {
  const from = { what: gems.files.manifest };
  const use = nodeUse(tree, gems);
  return [
    ...(use === null ? [] : [{ language: "nodejs", from, use: isSite ? "build" : use } as const]),
    ...(isSite ? [{ language: "static", from, use: "run" } as const] : []),
  ];
}

/** The app itself: a site that is generated, or what is started. */
function planRunning(
  tree: SourceTree,
  gems: Gems,
  place: Place,
): Omit<LanguagePlan, "packages" | "install" | "runPackages"> {
  const generator = generatorOf(tree, gems);
  if (generator === null) {
    return { build: isRails(tree, gems) ? railsCommands(gems, place) : [], ...startOf(tree, gems) };
  }
  const { argv, env, folder, file } = generator;
  const from = { what: tree.has(file) ? file : gems.files.manifest };
  const site: StaticSite = { folder, fallback: "not found", from };
  const options = { ...place, from, env: { ...bundlerEnvironment(false), ...env } };
  return { build: [plannedRun(["bundle", "exec", ...argv], options)], site };
}

/** What makes a start faster, and what browsers get. */
function railsCommands(gems: Gems, place: Place): PlannedCommand[] {
  const env = {
    ...bundlerEnvironment(true),
    // Nothing is signed with it. Source: Rails 7.1, "assets:precompile"; older ones want any text.
    SECRET_KEY_BASE_DUMMY: "1",
    SECRET_KEY_BASE: "dummy-for-the-build-alone",
  };
  const bootsnap = ["bootsnap", "precompile", "app/", "lib/"];
  const assets = ["rails", "assets:precompile"];
  return [
    ...(gems.all.has("bootsnap") ? [bootsnap] : []),
    ...(hasAssets(gems) ? [assets] : []),
  ].map((argv) => plannedRun(["bundle", "exec", ...argv], { ...place, env }));
}
